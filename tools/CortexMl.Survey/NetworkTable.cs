using System.Diagnostics;
using System.Text.Json;
using CortexMl.Reports;

namespace CortexMl.Survey;

/// <summary>
/// A row for every model file of a folder, each measured in a process of its own, so that its memory is its own and a crash is a row.
/// </summary>
internal static class NetworkTable
{
    private const double Noisy = 15;

    /// <param name="limit">The first so many samples of labelled data; null for all.</param>
    /// <returns>Whether each model was compiled or refused with a reason.</returns>
    public static bool Write(string folder, int? limit, TextWriter output)
    {
        output.WriteLine(NetworkRow.Header);
        bool isFine = true;
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsModel)
            .Order(StringComparer.Ordinal))
        {
            var row = Measured(path, limit);
            isFine &= row.Failed is null;
            output.WriteLine(row.ToText(Path.GetRelativePath(folder, path)));
            if (row.Noise < Noisy || row.Agreement < 0.98) output.WriteLine($"    noisiest: {row.Noisiest}");
            output.Flush();
        }
        return isFine;
    }

    private static bool IsModel(string path) =>
        path.EndsWith(".onnx", StringComparison.Ordinal) || path.EndsWith("-symbol.json", StringComparison.Ordinal);

    private static NetworkRow Measured(string path, int? limit)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(NetworkTable).Assembly.Location);
        string[] words = limit is { } n ? ["--model", path, "--limit", Numerics.Numbers.Format(n)] : ["--model", path];
        foreach (string word in words) start.ArgumentList.Add(word);
        using var process = Process.Start(start)!;
        string answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        try
        {
            return JsonText.Read<NetworkRow>(answer)!;
        }
        catch (JsonException)
        {
            return NetworkRow.Without(null, $"the process ended with {Numerics.Numbers.Format(process.ExitCode)} and no answer");
        }
    }
}
