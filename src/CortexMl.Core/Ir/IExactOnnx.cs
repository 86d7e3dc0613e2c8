namespace CortexMl.Ir;

/// <summary>Writes integer graphs as ONNX models of integer operators that compute the same bits; the front door wires one in.</summary>
public interface IExactOnnx
{
    /// <param name="observed">Values that become outputs of the model besides the graph's own.</param>
    /// <exception cref="Diagnostics.DiagnosticException">
    /// Operations without an exact form, all of them; no graph of the cvm level.
    /// </exception>
    ExactModel Write(Graph graph, IReadOnlyList<Value> observed);
}

/// <summary>
/// An integer graph as ONNX. Every input and output is a tensor of int32 with the shape of its value; inputs are clamped to their
/// precision, as the CVM does it.
/// </summary>
/// <param name="Bytes">The file: a serialised ModelProto, the same for the same graph.</param>
/// <param name="Inputs">Its input names, in the order of the graph's inputs.</param>
/// <param name="Outputs">Names of the graph's outputs, in order.</param>
/// <param name="Observed">Names of the observed values, in the order in which they were asked for; a name may stand in both lists.</param>
public sealed record ExactModel(byte[] Bytes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<string> Observed);
