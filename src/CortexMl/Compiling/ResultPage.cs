using CortexMl.Files;
using CortexMl.Pages;
using CortexMl.Reports;

namespace CortexMl.Compiling;

/// <summary>The page of a result's report: made once, behind whatever search chose the result.</summary>
internal static class ResultPage
{
    /// <summary>Of this library, as reports tell it.</summary>
    public static string Version { get; } = typeof(ResultPage).Assembly.GetName().Version!.ToString(3);

    /// <summary>With report.html, and in report.json what the page tells of operations, values and samples.</summary>
    public static CompileResult Add(CompileOptions options, CompileResult made)
    {
        if (!options.WritesPage || made.Report is null) return made with { Detail = null };
        var report = made.Report with { Details = made.Detail?.Invoke() };
        var text = OutputFile.Text(CompileReport.FileName, JsonText.Write(report));
        List<OutputFile> written = [.. made.Files.Select(file => file.Name == CompileReport.FileName ? text : file)];
        var graph = report.Restored is null ? made.Model.Graph : null;
        string page = ReportPage.Text(new(report, graph, FileDigest.Of(written)));
        return made with { Report = report, Files = [.. written, OutputFile.Text(ReportPage.FileName, page)], Detail = null };
    }
}
