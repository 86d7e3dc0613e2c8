using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Reports;

/// <summary>
/// The weights of a layer before they became integers, as [outputs, inputs of one group, taps]: of a convolution or dense layer, or the
/// factors of a multiplication, each an output of its own.
/// </summary>
/// <param name="Name">The layer's, as the network has it.</param>
/// <param name="Weight">Name of the constant, which its integers bear, too.</param>
/// <param name="Weights">Row-major elements.</param>
/// <param name="Bias">One for each output; null where there is none.</param>
/// <param name="Reach">Largest magnitude of the data, as calibrated.</param>
/// <param name="Range">Largest magnitude of what the layer returns, as calibrated.</param>
internal sealed record LayerConstants(
    string Name, string Weight, float[] Weights, int Outputs, int Inputs, int Groups, float[]? Bias, double Reach, double Range)
{
    public int Taps => Weights.Length / (Outputs * Inputs);

    /// <summary>Channels of the data that the layer reads.</summary>
    public int Channels => Groups * Inputs;

    public ReadOnlySpan<float> Filter(int output, int input) => Weights.AsSpan((output * Inputs + input) * Taps, Taps);

    /// <summary>The channel of the data that an output's input is.</summary>
    public int Channel(int output, int input) => output / (Outputs / Groups) * Inputs + input;

    /// <summary>The layers of a calibrated float graph, in its order.</summary>
    public static IEnumerable<LayerConstants> Of(Graph graph)
    {
        foreach (var operation in graph.Operations)
        {
            bool isProduct = operation.Spec.Is(OpTraits.Product);
            if (!isProduct && operation.Spec != NnBinary.Mul) continue;
            if (operation.Operands[1].Constant?.Tensor is not Tensor<float> { Length: > 0 } weights) continue;
            if (operation.Operands[0].Type.Threshold is not { } reach || operation.Result.Type.Threshold is not { } range) continue;
            int outputs = isProduct ? weights.Shape[0] : weights.Length, inputs = isProduct ? weights.Shape[1] : 1;
            var bias = isProduct && operation.Operands.Count > 2 ? operation.Operands[2].Constant?.Tensor as Tensor<float> : null;
            yield return new(
                Name: NameOf(operation), Weight: operation.Operands[1].Name!, Weights: weights.Data, Outputs: outputs, Inputs: inputs,
                Groups: isProduct ? operation.Groups() : 1, Bias: bias?.Data, Reach: reach, Range: range);
        }
    }

    private static string NameOf(Operation operation) => operation.Result.Provenance?.Real.Name ?? operation.Result.Name
        ?? operation.Location.Nodes.FirstOrDefault() ?? operation.Operands[1].Name!;
}
