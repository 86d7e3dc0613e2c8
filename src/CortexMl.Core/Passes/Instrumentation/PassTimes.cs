using System.Diagnostics;
using System.Globalization;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes.Instrumentation;

/// <summary>Measures every pass: wall time and rewrites. For people; never part of an artefact.</summary>
public sealed class PassTimes : IPassInstrumentation
{
    private readonly List<(string Pass, TimeSpan Time, long Rewrites)> _times = [];
    private long _start;

    public IReadOnlyList<(string Pass, TimeSpan Time, long Rewrites)> Times => _times;

    public void Before(PassInfo pass, PassOptions options, Graph graph) => _start = Stopwatch.GetTimestamp();

    public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites) =>
        _times.Add((pass.Name, Stopwatch.GetElapsedTime(_start), rewrites));

    /// <summary>One line a pass: milliseconds, rewrites, name.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (pass, time, rewrites) in _times)
        {
            string done = Counted.Of(rewrites, "rewrite ", "rewrites");
            text.Append(CultureInfo.InvariantCulture, $"{time.TotalMilliseconds,10:F1} ms {done,15}  {pass}\n");
        }
        return text.ToString();
    }
}
