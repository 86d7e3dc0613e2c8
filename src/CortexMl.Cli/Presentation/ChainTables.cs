using CortexMl.Chain.Packaging;
using CortexMl.Diagnostics;
using CortexMl.Tensors;
using Spectre.Console;

namespace CortexMl.Cli.Presentation;

/// <summary>Tables about packed models, on the error stream.</summary>
internal static class ChainTables
{
    public static void Show(IAnsiConsole console, PackageReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "").HideHeaders();
        void Row(string name, string value) => table.AddRow(Tables.Cell(name), Tables.Cell(value));
        string Count(long? number) => number is { } known ? Tables.Number(known) : "the chain cannot price it";
        Row("info hash", report.InfoHash);
        Row("symbol + params",
            $"{Counted.Grouped(report.RawSize, "byte")}, {Counted.Grouped(report.Pieces, "piece")} of {Tables.Number(report.PieceLength)}");
        Row("input", $"int{8 * report.InputTypeSize}{Shape.Of(report.InputShape)}, {Counted.Grouped(report.InputWords, "word")}");
        Row("output", $"int{8 * report.OutputTypeSize}{Shape.Of(report.OutputShape)}, {Counted.Grouped(report.OutputWords, "word")}");
        Row("operations", Count(report.Gas));
        Row("upload",
            $"{Counted.Grouped(report.UploadTransactions, "transaction")}, {Tables.Number(report.UploadGas)} gas and their call data");
        Row("INFER", $"{Count(report.InferGas)} gas");
        Row("INFERARRAY", $"{Count(report.InferArrayGas)} gas");
        console.Write(table);
    }
}
