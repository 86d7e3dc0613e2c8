using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Tensors;

namespace CortexMl.Float;

/// <summary>What a run of a float graph is given.</summary>
internal static class FloatInputs
{
    /// <exception cref="DiagnosticException">CML0753: another number of tensors than inputs, or tensors of other shapes.</exception>
    public static void Check(Graph graph, IReadOnlyList<Tensor<float>> inputs)
    {
        if (inputs.Count != graph.Inputs.Count)
        {
            throw new DiagnosticException(FloatCodes.InputShape,
                string.Create(
                    CultureInfo.InvariantCulture, $"{Counted.Of(inputs.Count, "tensor")} for {Counted.Of(graph.Inputs.Count, "input")}"));
        }
        var problems = new DiagnosticBag();
        foreach (var (input, tensor) in graph.Inputs.Zip(inputs))
        {
            if (tensor.Shape != input.Type.Shape)
                problems.Error(FloatCodes.InputShape, $"input '{input.Name}' is {input.Type.Shape}, the data is {tensor.Shape}");
        }
        problems.ThrowIfErrors();
    }

    /// <summary>Checked inputs as the graph takes them: centred where it says so.</summary>
    /// <inheritdoc cref="Check"/>
    public static IReadOnlyList<Tensor<float>> Of(Graph graph, IReadOnlyList<Tensor<float>> inputs)
    {
        Check(graph, inputs);
        return [.. inputs.Select((tensor, k) => InputSignature.CenteringOf(graph, k) is { } centering
            ? Tensor.Create(tensor.Shape, Array.ConvertAll(centering.Of(tensor), x => (float)x)) : tensor)];
    }
}
