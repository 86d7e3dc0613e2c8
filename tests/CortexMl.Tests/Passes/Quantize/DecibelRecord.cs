using System.Globalization;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>
/// Signal to quantization noise of every value of some networks, kept in <c>decibels.txt</c> beside this file, whose head says how it is
/// recorded anew. A line is a network, a value, and dB, or <c>exact</c> where there is no noise.
/// </summary>
internal static class DecibelRecord
{
    public const string Variable = "CORTEXML_RECORD_DECIBELS";

    /// <summary>In dB, to the better as well: what became better is to be recorded, so that it stays.</summary>
    private const double Tolerance = 1;

    private static readonly string s_path = Repository.Path("tests", "CortexMl.Tests", "Passes", "Quantize", "decibels.txt");

    /// <param name="measured">dB by network and value, infinite where there is no noise.</param>
    /// <returns>Values with another figure, values without, and figures without a value; none where it is being recorded.</returns>
    public static IReadOnlyList<string> Differences(IReadOnlyDictionary<string, double> measured)
    {
        string[] lines = File.ReadAllLines(s_path);
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            var head = lines.TakeWhile(line => line.StartsWith('#'));
            var figures = measured.OrderBy(m => m.Key, StringComparer.Ordinal).Select(Line);
            File.WriteAllText(s_path, string.Concat(head.Concat(figures).Select(line => line + "\n")));
            return [];
        }
        return Differences(Parse(lines), measured);
    }

    public static IReadOnlyList<string> Differences(
        IReadOnlyDictionary<string, double> recorded, IReadOnlyDictionary<string, double> measured) =>
    [
        .. recorded.Where(r => !measured.ContainsKey(r.Key)).Select(r => $"{Line(r)} is recorded; there is no such value"),
        .. measured.Where(m => !recorded.ContainsKey(m.Key)).Select(m => $"{Line(m)} is not recorded"),
        .. measured.Where(m => recorded.TryGetValue(m.Key, out double was) && !IsAlike(was, m.Value))
            .Select(m => $"{Line(m)}, recorded as {Figure(recorded[m.Key])}"),
    ];

    public static IReadOnlyDictionary<string, double> Parse(IEnumerable<string> lines) => lines.Where(line => !line.StartsWith('#'))
        .Select(line => (Line: line, Space: line.LastIndexOf(' ')))
        .ToDictionary(l => l.Line[..l.Space], l => l.Line[(l.Space + 1)..] is "exact"
            ? double.PositiveInfinity : double.Parse(l.Line[(l.Space + 1)..], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static bool IsAlike(double recorded, double measured) => recorded == measured || Math.Abs(recorded - measured) <= Tolerance;

    private static string Line(KeyValuePair<string, double> value) => $"{value.Key} {Figure(value.Value)}";

    private static string Figure(double decibels) =>
        double.IsPositiveInfinity(decibels) ? "exact" : decibels.ToString("F1", CultureInfo.InvariantCulture);
}
