namespace CortexMl.Frontends.Onnx;

/// <summary>How the ONNX peer of an integer network computes.</summary>
public enum PeerKind
{
    /// <summary>In float32, scales folded into the weights and clamps left out: the network as it was before quantization.</summary>
    Float,

    /// <summary>
    /// In 8 bits, activations unsigned and weights signed: QLinearConv, QGemm, QLinearAdd and the like with the network's own scales.
    /// </summary>
    Int8,
}
