using System.Globalization;
using System.Reflection;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Testing;

/// <summary>What passes make of a text, and whether it computes the same.</summary>
public static class FunctionCheck
{
    /// <summary>Inputs are drawn from -Reach to Reach.</summary>
    private const double Reach = 4;

    /// <summary>The text of what a pipeline makes of a text with one graph.</summary>
    /// <param name="plugins">Class libraries whose passes the pipeline may name, beside ours.</param>
    /// <exception cref="Diagnostics.DiagnosticException">The text or the pipeline means nothing, or a pass refuses the graph.</exception>
    /// <exception cref="PassFailedException">A pass is broken.</exception>
    public static string Rewritten(string text, string pipeline, params Assembly[] plugins)
    {
        var graph = TextParser.ParseOne(text);
        new PassManager(GoldenSuite.Registry(plugins)).Run(graph, Pipeline.Parse(pipeline));
        return TextPrinter.Print(graph);
    }

    /// <summary>Compares two float graphs on seeded inputs, each operation by its definition in double.</summary>
    /// <param name="before">A text with one graph; where it is of another level there is nothing to compare.</param>
    /// <param name="after">Another one with the same inputs.</param>
    /// <param name="tolerance">Of the largest number of a result, or of 1.</param>
    /// <exception cref="TestingException">They differ: where, and what was computed.</exception>
    public static void Same(string before, string after, double tolerance = 1e-5)
    {
        var (old, own) = (TextParser.ParseOne(before), TextParser.ParseOne(after));
        if (old.Level != Level.Float || own.Level != Level.Float) return;
        if (!old.Inputs.Select(i => (i.Name, i.Type.Shape)).SequenceEqual(own.Inputs.Select(i => (i.Name, i.Type.Shape))))
            throw new TestingException($"the inputs of '{old.Name}' became others");
        if (old.Outputs.Count != own.Outputs.Count) throw new TestingException($"'{old.Name}' returns another number of results");
        var random = new SplitMix64(1);
        Tensor<double>[] inputs = [.. old.Inputs.Select(input => Drawn(input.Type.Shape, random))];
        foreach (var (k, (wanted, found)) in Run(old, inputs).Zip(Run(own, inputs)).Index()) Compare(wanted, found, k, tolerance);
    }

    private static void Compare(Tensor<double> wanted, Tensor<double> found, int result, double tolerance)
    {
        if (wanted.Shape != found.Shape) throw new TestingException($"result {result} was {wanted.Shape} and is {found.Shape}");
        double allowed = tolerance * wanted.Data.Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
        for (int i = 0; i < wanted.Data.Length; i++)
            if (!wanted.Data[i].Equals(found.Data[i]) && !(Math.Abs(wanted.Data[i] - found.Data[i]) <= allowed))
                throw new TestingException(string.Create(CultureInfo.InvariantCulture,
                    $"result {result}, element {i}: {wanted.Data[i]} became {found.Data[i]}"));
    }

    private static Tensor<double> Drawn(Shape shape, SplitMix64 random) =>
        Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => (2 * random.NextUnit() - 1) * Reach)]);

    private static IEnumerable<Tensor<double>> Run(Graph graph, IReadOnlyList<Tensor<double>> inputs)
    {
        var known = new Dictionary<Value, Tensor<double>>();
        foreach (var (input, numbers) in graph.Inputs.Zip(inputs)) known[input] = numbers;
        foreach (var operation in graph.Operations)
            known[operation.Result] = operation.Constant is { } constant
                ? constant.Tensor.ToDouble() : NaiveKernels.Evaluate(operation, [.. operation.Operands.Select(o => known[o])]);
        return graph.Outputs.Select(output => known[output]);
    }
}
