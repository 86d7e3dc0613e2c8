using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Calibrate;

/// <summary>Finds the threshold of every value of a network in a calibration file that must be its own.</summary>
public static class CalibrationMatch
{
    private const int Listed = 8;

    /// <returns>The entry of each of <see cref="Measurement.Values"/>.</returns>
    /// <exception cref="DiagnosticException">
    /// CML0556: the file belongs to another network; values that only one of the two has are listed, and channels that do not fit.
    /// </exception>
    public static CalibratedValue[] Entries(Graph graph, CalibrationFile file, string name)
    {
        var names = Names.Of(graph);
        var values = Measurement.Values(graph);
        string[] wanted = [.. values.Select(v => names[v])];
        var given = file.Values.ToDictionary(v => v.Name, v => v, StringComparer.Ordinal);
        var location = new SourceLocation(name);
        var problems = new DiagnosticBag();
        const string Hint = "calibrate again with --data; files fit one model, its input shape and the passes before calibrate";
        string digest = GraphDigest.OfNamed(graph);
        if (file.Model != digest)
            problems.Error(
                CalibrateCodes.FileMismatch, $"the calibration file is for model {file.Model}, this one is {digest}", location, Hint);
        List(problems, location, "has no threshold for", [.. wanted.Where(w => !given.ContainsKey(w))]);
        List(problems, location, "names what the network does not have:",
            [.. file.Values.Select(v => v.Name).Except(wanted, StringComparer.Ordinal)]);
        foreach (var value in values)
        {
            if (!given.TryGetValue(names[value], out var entry) || entry.Channels.Count == 0) continue;
            int channels = value.Type.Shape.Rank > 1 ? value.Type.Shape[1] : 0;
            if (entry.Channels.Count != channels)
                problems.Error(CalibrateCodes.FileMismatch,
                    $"the calibration file gives %{entry.Name} {Counted.Of(entry.Channels.Count, "channel")}, it has {channels}", location);
        }
        problems.ThrowIfErrors();
        return [.. wanted.Select(w => given[w])];
    }

    private static void List(DiagnosticBag problems, SourceLocation location, string what, string[] names)
    {
        if (names.Length == 0) return;
        string list = Listing.Of([.. names.Select(n => $"%{n}")], Listed);
        problems.Error(CalibrateCodes.FileMismatch, $"the calibration file {what} {list}", location);
    }
}
