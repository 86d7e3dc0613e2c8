using CortexMl.Diagnostics;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Survey.Networks;
using CortexMl.Survey.Reporting;

namespace CortexMl.Survey;

/// <summary>A run over many networks.</summary>
/// <param name="root">The checkout; null where the program runs outside one.</param>
/// <param name="data">The folder with data of others; null where there is none.</param>
internal sealed class SurveyRun(Options options, string? root, string? data, TextWriter output, TextWriter progress)
{
    /// <returns>The exit code.</returns>
    public int Run()
    {
        var networks = Networks();
        if (networks.Count == 0)
        {
            progress.WriteLine("error: there is no network to measure");
            progress.WriteLine("  help: pass a folder with .onnx or -symbol.json files, or other names to --only");
            return 2;
        }
        IReadOnlyList<NetworkRow> before;
        try
        {
            before = options.Against is { } file ? CsvFile.Read(File.ReadAllText(file)) : [];
        }
        catch (FormatException error)
        {
            progress.WriteLine($"error: '{options.Against}': {error.Message}");
            return 2;
        }
        var rows = Measure(networks, before);
        if (SurveySummary.Of(rows) is { } summary) output.WriteLine($"\n{summary}");
        if (options.Techniques.Count > 0) AblationTable.Write(rows, output);
        return Write(rows, before) && rows.All(row => row.Failed is null) ? 0 : 1;
    }

    private bool Write(IReadOnlyList<NetworkRow> rows, IReadOnlyList<NetworkRow> before)
    {
        try
        {
            if (options.Csv is { } csv) CsvFile.Write(csv, rows);
            if (options.Page is { } page) SurveyPage.Write(page, rows, before);
            return true;
        }
        catch (DiagnosticException error)
        {
            foreach (var diagnostic in error.Diagnostics) progress.WriteLine(diagnostic);
            return false;
        }
    }

    private List<NetworkRow> Measure(List<NetworkFile> networks, IReadOnlyList<NetworkRow> before)
    {
        var rows = new List<NetworkRow>();
        output.WriteLine(NetworkTable.Header);
        var variants = Variants();
        // Rows appear in the order of the networks, as soon as all before them are there.
        var measured = networks.Index().AsParallel().AsOrdered().WithDegreeOfParallelism(options.Jobs)
            .WithMergeOptions(ParallelMergeOptions.NotBuffered).Select(n => Measure(n.Item, variants, n.Index, networks.Count));
        foreach (var row in measured.SelectMany(all => all))
        {
            rows.Add(row);
            output.WriteLine(NetworkTable.Line(row, before.FirstOrDefault(b => b.Is(row))));
            output.Flush();
        }
        return rows;
    }

    private List<(string Name, string? Pipeline)> Variants()
    {
        var usual = Pipeline.Parse(DefaultPipeline.Text);
        return [(NetworkRow.Default, options.Passes), .. options.Techniques.Select(t => (t.Name, (string?)t.In(usual).ToString()))];
    }

    private List<NetworkRow> Measure(NetworkFile network, List<(string Name, string? Pipeline)> variants, int index, int count)
    {
        var rows = new List<NetworkRow>();
        foreach (var (variant, pipeline) in variants)
        {
            lock (progress)
                progress.WriteLine($"{Numbers.Format(index + 1)} of {Numbers.Format(count)}: {network.Set}/{network.Name}, {variant}");
            rows.Add(NetworkProcess.Measure(network, variant, pipeline, options with { Data = data }));
            // What the importer refuses, it refuses under every pipeline.
            if (variant == NetworkRow.Default && !rows[^1].IsMeasured) break;
        }
        return rows;
    }

    private List<NetworkFile> Networks()
    {
        var found = options.Folders.SelectMany(folder => NetworkFinder.In(folder, Path.GetFileName(Path.GetFullPath(folder)))).ToList();
        if (options.Wild is { } wild) found.AddRange(NetworkFinder.In(wild, "wild"));
        if (options.Field is { } field) found.AddRange(NetworkFinder.In(field, "field"));
        if (options.Folders.Count == 0 && options.Wild is null && options.Field is null) found.AddRange(NetworkFinder.AtHand(root, data));
        return [.. found.Where(n => options.Only.Count == 0 || options.Only.Any(name => NetworkFinder.IsMeant(n, name)))];
    }
}
