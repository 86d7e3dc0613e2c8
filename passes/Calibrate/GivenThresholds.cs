using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Thresholds of some values or of all, that are decided whatever data or another file say: put among <see cref="PassServices.Given"/>.
/// </summary>
/// <param name="File">Those of the values that it names; what it lacks is measured.</param>
public sealed record GivenThresholds(CalibrationFile File)
{
    /// <summary>Names of the values that are not decided.</summary>
    public IReadOnlyList<string> Missing(Graph graph)
    {
        var names = Names.Of(graph);
        var known = File.Values.Select(v => v.Name).ToHashSet(StringComparer.Ordinal);
        return [.. Measurement.Values(graph).Select(v => names[v]).Where(n => !known.Contains(n))];
    }

    /// <summary>
    /// A measured calibration with what is decided in its place; shares of channels that are not decided move with the threshold.
    /// </summary>
    public CalibrationFile Over(CalibrationFile measured)
    {
        var decided = File.Values.ToDictionary(v => v.Name, StringComparer.Ordinal);
        return measured with
        {
            Values = [.. measured.Values.Select(v => decided.GetValueOrDefault(v.Name) is not { } own ? v
                : v with
                {
                    Threshold = own.Threshold,
                    Channels = own.Channels.Count > 0 ? own.Channels : v.Channels,
                    Method = own.Method ?? (own.Threshold == v.Threshold ? v.Method : null),
                })],
        };
    }
}

/// <summary>The values that calibrate saw and what it called them: passes behind it replace some of them and count others anew.</summary>
public sealed record CalibratedNames(IReadOnlyList<(Value Value, string Name)> Values);
