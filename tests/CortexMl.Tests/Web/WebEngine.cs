using System.Globalization;
using CortexMl.Engines;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Web;

/// <summary>A graph as onnxruntime-web computes it: exported, and opened by the modules of a page.</summary>
internal sealed class WebEngine : IExecutable
{
    private static int s_opened;

    private readonly ExportedPage _page;
    private readonly ExactModel _exact;
    private readonly Graph _graph;
    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"tried-{Interlocked.Increment(ref s_opened)}.onnx");

    /// <exception cref="Diagnostics.DiagnosticException">CML0256: operations without an exact form.</exception>
    public WebEngine(ExportedPage page, Graph graph)
    {
        (_page, _graph, _exact) = (page, graph, ExactExporter.Export(graph));
        page.Server.Add(_name, _exact.Bytes);
        Wait($$"""
            (async () => {
              const { openModel, openRuntime } = await import('./network.js');
              window.opened ??= {};
              window.runtime ??= await openRuntime(window.cortexml.network.page.runtime);
              const response = await fetch('{{_name}}');
              window.opened['{{_name}}'] = await openModel(window.runtime, new Uint8Array(await response.arrayBuffer()));
            })()
            """);
        page.Server.Remove(_name);
    }

    /// <summary>Milliseconds of the last run, as the page measures them.</summary>
    public double Milliseconds { get; private set; }

    public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
    {
        string fed = string.Join(", ", inputs.Select((input, i) => $"{Quoted(_exact.Inputs[i])}: "
            + $"{{ shape: [{string.Join(',', input.Shape)}], data: {ExportedPage.Integers(input.Data)} }}"));
        Wait($$"""
            (async () => {
              const start = performance.now();
              window.results = await window.opened['{{_name}}'].run({ {{fed}} });
              window.took = performance.now() - start;
            })()
            """);
        Milliseconds = (double)_page.ValueAsync("window.took").GetAwaiter().GetResult()!;
        return [.. _exact.Outputs.Select((name, i) => Tensor.Create(_graph.Outputs[i].Type.Shape,
            _page.IntegersAsync($"window.results[{Quoted(name)}].data").GetAwaiter().GetResult()))];
    }

    public void Dispose() => Wait($"window.opened['{_name}'].close()");

    private void Wait(string expression) => _page.ValueAsync(expression).GetAwaiter().GetResult();

    private static string Quoted(string name) => System.Text.Json.JsonSerializer.Serialize(name);
}
