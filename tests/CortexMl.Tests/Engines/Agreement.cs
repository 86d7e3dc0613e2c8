using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines;

/// <summary>Compares an engine with the interpreter.</summary>
internal static class Agreement
{
    /// <summary>Outputs and all values that the engine observes are the interpreter's; twice, because memory is shared.</summary>
    /// <param name="name">What the engine is called in a failure.</param>
    /// <param name="engine">The engine that observes by what it is given.</param>
    public static void Check(string name, Func<Action<Value, Tensor<int>>, IEngine> engine, Graph graph, IReadOnlyList<Tensor<int>> inputs)
    {
        var expected = new Dictionary<Value, int[]>();
        var observing = new InterpreterOptions { Observe = (value, tensor) => expected[value] = [.. tensor.Data] };
        using var interpreter = new InterpreterEngine(observing).Prepare(graph);
        var outputs = interpreter.Run(inputs);
        var wrong = new List<string>();
        using var executable = engine((value, tensor) => Compare(value.ToString(), expected[value], tensor.Data, wrong)).Prepare(graph);
        for (int run = 0; run < 2; run++)
        {
            var results = executable.Run(inputs);
            Assert.Equal(outputs.Count, results.Count);
            for (int i = 0; i < results.Count; i++) Compare($"output {i}", outputs[i].Data, results[i].Data, wrong);
        }
        Assert.True(wrong.Count == 0, $"{name}: {wrong.FirstOrDefault()}\n{(wrong.Count == 0 ? "" : TextPrinter.Print(graph))}");
    }

    public static IReadOnlyList<Tensor<int>> RandomInputs(Graph graph, int seed)
    {
        var random = new Random(seed);
        return [.. graph.Inputs.Select(input => RandomInput(input.Type, random))];
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
