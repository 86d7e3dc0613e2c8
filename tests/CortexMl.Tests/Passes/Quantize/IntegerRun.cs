using CortexMl.Analysis;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>A network's integers on the interpreter, from and to real numbers; its thresholds are the largest magnitudes seen.</summary>
internal static class IntegerRun
{
    /// <summary>Thresholds for all values of a float graph.</summary>
    /// <param name="samples">Each has one tensor for each graph input.</param>
    public static void Calibrate(Graph graph, IEnumerable<IReadOnlyList<Tensor<double>>> samples)
    {
        var rewriter = new Rewriter(graph);
        var values = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)).Where(v => !v.IsConstant).ToList();
        var outputs = graph.Outputs.ToList();
        rewriter.SetOutputs(values);
        var most = new double[values.Count];
        foreach (var sample in samples)
        {
            var seen = NaiveEvaluator.Run(graph, sample);
            for (int i = 0; i < most.Length; i++) most[i] = Math.Max(most[i], seen[i].Data.Max(Math.Abs));
        }
        rewriter.SetOutputs(outputs);
        for (int i = 0; i < most.Length; i++) rewriter.SetType(values[i], values[i].Type with { Threshold = most[i] });
    }

    /// <returns>The elements of each output, divided by its scale.</returns>
    public static double[][] Of(Graph graph, IReadOnlyList<Tensor<double>> inputs)
    {
        using var executable = new InterpreterEngine(new InterpreterOptions { TrapOverflow = true }).Prepare(graph);
        var results = executable.Run([.. graph.Inputs.Zip(inputs, Integers)]);
        return [.. graph.Outputs.Zip(results, (output, result) => Array.ConvertAll(result.Data, v => v / output.Type.Scale!.Value))];
    }

    private static Tensor<int> Integers(Value input, Tensor<double> data)
    {
        long bound = input.Type.Element.Bound;
        return Tensor.Create(input.Type.Shape, Array.ConvertAll(
            data.Data, v => (int)Math.Clamp(Math.Floor(v * input.Type.Scale!.Value + 0.5), -bound, bound)));
    }
}
