using CortexMl.Engines.Cpu;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

/// <summary>Compares the CPU engine with the interpreter on every path that the machine has.</summary>
internal static class Agreement
{
    /// <summary>Every instruction set at hand, the best one with two threads as well.</summary>
    public static IEnumerable<CpuOptions> Paths =>
        [.. InstructionSet.AtHand.Select(i => new CpuOptions { Instructions = i }), new CpuOptions { Threads = 2 }];

    public static void Check(Graph graph, int seed)
    {
        var random = new Random(seed);
        Check(graph, [.. graph.Inputs.Select(input => RandomInput(input.Type, random))]);
    }

    /// <summary>Outputs and every value that the engine observes are the interpreter's; twice, because memory is shared and reused.</summary>
    public static void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs)
    {
        var expected = new Dictionary<Value, int[]>();
        using var interpreter = new InterpreterEngine(new InterpreterOptions { Observe = (value, tensor) => expected[value] = [.. tensor.Data] }).Prepare(graph);
        var outputs = interpreter.Run(inputs);
        foreach (var path in Paths)
        {
            var wrong = new List<string>();
            using var executable = new CpuEngine(path with { Observe = (value, tensor) => Compare(value.ToString(), expected[value], tensor.Data, wrong) }).Prepare(graph);
            for (int run = 0; run < 2; run++)
            {
                var results = executable.Run(inputs);
                for (int i = 0; i < results.Count; i++) Compare($"output {i}", outputs[i].Data, results[i].Data, wrong);
            }
            Assert.True(wrong.Count == 0, $"{path.Instructions}, {path.Threads} threads: {wrong.FirstOrDefault()}\n{(wrong.Count == 0 ? "" : TextPrinter.Print(graph))}");
        }
    }

    public static Tensor<int> RandomInput(TensorType type, Random random)
    {
        int bound = (int)type.Element.Bound;
        return Tensor.Create(type.Shape, Enumerable.Range(0, (int)type.Shape.Count).Select(_ => random.Next(8) switch
        {
            0 => bound,
            1 => -bound,
            2 => 0,
            _ => (int)random.NextInt64(-bound, bound + 1L),
        }).ToArray());
    }

    private static void Compare(string name, int[] expected, int[] found, List<string> wrong)
    {
        int at = expected.AsSpan().CommonPrefixLength(found);
        if (at < expected.Length) wrong.Add($"{name}: element {at} is {found[at]}, the interpreter has {expected[at]}");
    }
}
