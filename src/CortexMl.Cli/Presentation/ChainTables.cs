using CortexMl.Chain.Packaging;
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
        Row("symbol + params", $"{Tables.Number(report.RawSize)} bytes, {Tables.Number(report.Pieces)} pieces of {Tables.Number(report.PieceLength)}");
        Row("input", $"int{8 * report.InputTypeSize}{Shape.Of(report.InputShape)}, {Tables.Number(report.InputWords)} words");
        Row("output", $"int{8 * report.OutputTypeSize}{Shape.Of(report.OutputShape)}, {Tables.Number(report.OutputWords)} words");
        Row("operations", Count(report.Gas));
        Row("upload", $"{Tables.Number(report.UploadTransactions)} transactions, {Tables.Number(report.UploadGas)} gas and their call data");
        Row("INFER", $"{Count(report.InferGas)} gas");
        Row("INFERARRAY", $"{Count(report.InferArrayGas)} gas");
        console.Write(table);
    }
}
