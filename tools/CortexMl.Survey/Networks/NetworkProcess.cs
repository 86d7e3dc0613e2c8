using System.Diagnostics;
using System.Text.Json;
using CortexMl.Numerics;
using CortexMl.Reports;

namespace CortexMl.Survey.Networks;

/// <summary>Measures each network in a process of its own, so that its memory is its own and a crash is a row.</summary>
internal static class NetworkProcess
{
    /// <param name="pipeline">Null for the default one.</param>
    public static NetworkRow Measure(NetworkFile network, string variant, string? pipeline, Options options)
    {
        var row = new NetworkRow(network.Set, network.Name, variant);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(NetworkProcess).Assembly.Location);
        Add("--measure", network.Path);
        Add("--set", network.Set);
        Add("--name", network.Name);
        Add("--variant", variant);
        Add("--passes", pipeline);
        Add("--data", options.Data);
        Add("--samples", options.Samples is { } samples ? Numbers.Format(samples) : null);
        Add("--limit", options.Limit is { } limit ? Numbers.Format(limit) : null);
        using var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        try
        {
            return JsonText.Read<NetworkRow>(answer)!;
        }
        catch (JsonException)
        {
            return row with { Failed = $"the process ended with {Numbers.Format(process.ExitCode)} and no answer" };
        }

        void Add(string word, string? value)
        {
            if (value is null) return;
            start.ArgumentList.Add(word);
            start.ArgumentList.Add(value);
        }
    }

    /// <summary>The other side: writes the row as JSON.</summary>
    public static void Answer(Options options, string? data)
    {
        var network = SurveyCase.Of(options.Measure!, data, options.Samples);
        var row = Measurement.Of(new(options.Set, options.Name, options.Variant), network, options.Passes, options.Limit);
        Console.Out.Write(JsonText.Write(row));
    }
}
