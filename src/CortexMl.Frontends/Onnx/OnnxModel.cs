namespace CortexMl.Frontends.Onnx;

/// <summary>An exported network.</summary>
/// <param name="Bytes">The file: a serialised ModelProto, the same for the same graph.</param>
/// <param name="Inputs">Its input names, in the order of the graph's inputs.</param>
/// <param name="Outputs">Names of the graph's outputs, in order.</param>
/// <param name="Observed">Names of the observed values, in the order in which they were asked for; a name may stand in both lists.</param>
public sealed record OnnxModel(byte[] Bytes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<string> Observed);
