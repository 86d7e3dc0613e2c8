using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Passes.Instrumentation;

/// <summary>
/// When each pass ran and how long, in the trace format that Chrome (about:tracing) and Perfetto open: an event a pass, with its options,
/// rewrites and the operations that it left. For people; never part of an artefact.
/// </summary>
public sealed class PassTrace : IPassInstrumentation
{
    private sealed record TraceEvent(string Name, string Options, long Start, long End, long Rewrites, int Operations, bool IsFailed);

    private readonly List<TraceEvent> _events = [];
    private readonly long _origin = Stopwatch.GetTimestamp();
    private long _start;

    public void Before(PassInfo pass, PassOptions options, Graph graph) => _start = Stopwatch.GetTimestamp();

    public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites) => Add(pass, options, graph, rewrites, false);

    public void Failed(PassInfo pass, PassOptions options, Graph graph, Exception error) => Add(pass, options, graph, 0, true);

    /// <summary>An object with <c>traceEvents</c>, times in microseconds.</summary>
    public string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartArray("traceEvents");
            foreach (var e in _events) Write(json, e);
            json.WriteEndArray();
            json.WriteString("displayTimeUnit", "ms");
            json.WriteEndObject();
        }
        return Printable.Json(Encoding.UTF8.GetString(buffer.ToArray())) + "\n";
    }

    private void Add(PassInfo pass, PassOptions options, Graph graph, long rewrites, bool isFailed)
    {
        long end = Stopwatch.GetTimestamp();
        _events.Add(new(pass.Name, options.ToString(), _start, end, rewrites, graph.Operations.Count(o => o.Constant is null), isFailed));
    }

    private void Write(Utf8JsonWriter json, TraceEvent e)
    {
        json.WriteStartObject();
        json.WriteString("name", e.Name);
        json.WriteString("cat", e.IsFailed ? "failed" : "pass");
        json.WriteString("ph", "X");
        json.WriteNumber("ts", Microseconds(_origin, e.Start));
        json.WriteNumber("dur", Microseconds(e.Start, e.End));
        json.WriteNumber("pid", 1);
        json.WriteNumber("tid", 1);
        json.WriteStartObject("args");
        json.WriteString("options", e.Options);
        json.WriteNumber("rewrites", e.Rewrites);
        json.WriteNumber("operations", e.Operations);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static double Microseconds(long from, long to) => Math.Round(Stopwatch.GetElapsedTime(from, to).TotalMicroseconds, 1);
}
