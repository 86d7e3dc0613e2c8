using CortexMl.Comparing;
using Spectre.Console;

namespace CortexMl.Cli.Presentation;

/// <summary>Two compilations side by side, for people, on the error stream.</summary>
internal static class ReportTables
{
    public static void Show(IAnsiConsole console, ReportComparison compared)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn("").AddColumn(Tables.Cell(compared.First))
            .AddColumn(Tables.Cell(compared.Second)).AddColumn("change");
        foreach (var figure in compared.Figures)
            table.AddRow(
                Tables.Cell(figure.Name), Tables.Cell(figure.FirstText), Tables.Cell(figure.SecondText), Tables.Cell(figure.ChangeText));
        console.Write(table);
        console.Write(new Spectre.Console.Text(compared.Summary + "\n"));
    }
}
