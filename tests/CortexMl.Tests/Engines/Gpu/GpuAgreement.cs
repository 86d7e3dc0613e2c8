using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Tests.Engines.Cpu;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>Compares the GPU engine with the interpreter on every kind of device that the machine has.</summary>
internal static class GpuAgreement
{
    public static IReadOnlyList<GpuKind> AtHand { get; } = [.. GpuKinds.All.Where(kind => GpuDevices.Of(kind).Devices.Count > 0)];

    public static void Check(Graph graph, int seed, GpuRuntime? runtime = null)
    {
        var random = new Random(seed);
        Check(graph, [.. graph.Inputs.Select(input => Agreement.RandomInput(input.Type, random))], runtime);
    }

    /// <summary>Outputs and every value that the engine observes are the interpreter's; twice, because memory is shared and reused.</summary>
    public static void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs, GpuRuntime? runtime = null)
    {
        foreach (var kind in AtHand) Check(graph, inputs, kind, runtime);
    }

    public static void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs, GpuKind kind, GpuRuntime? runtime = null)
    {
        var expected = new Dictionary<Value, int[]>();
        using var interpreter = new InterpreterEngine(new InterpreterOptions { Observe = (value, tensor) => expected[value] = [.. tensor.Data] }).Prepare(graph);
        var outputs = interpreter.Run(inputs);
        var wrong = new List<string>();
        var options = new GpuOptions { Kind = kind, Observe = (value, tensor) => Compare(value.ToString(), expected[value], tensor.Data, wrong) };
        using var executable = new GpuEngine(options, runtime).Prepare(graph);
        for (int run = 0; run < 2; run++)
        {
            var results = executable.Run(inputs);
            for (int i = 0; i < results.Count; i++) Compare($"output {i}", outputs[i].Data, results[i].Data, wrong);
        }
        Assert.True(wrong.Count == 0, $"{kind}: {wrong.FirstOrDefault()}\n{(wrong.Count == 0 ? "" : TextPrinter.Print(graph))}");
    }

    private static void Compare(string name, int[] expected, int[] found, List<string> wrong)
    {
        int at = expected.AsSpan().CommonPrefixLength(found);
        if (at < expected.Length) wrong.Add($"{name}: element {at} is {found[at]}, the interpreter has {expected[at]}");
    }
}
