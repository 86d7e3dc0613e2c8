using CortexMl.Ir;
using CortexMl.Ops.Ranges;

namespace CortexMl.Frontends.Onnx.Peers;

/// <summary>What stands for an integer value in the peer: integer ≈ scale · (element - zero point).</summary>
/// <param name="Zero">Of an 8-bit tensor; null for a float one, which has no zero point.</param>
internal sealed record PeerTensor(string Name, double Scale, byte? Zero)
{
    private const byte Middle = 128;

    /// <summary>Bits that the magnitude of an element may take.</summary>
    private const int Bits = 7;

    public bool IsInt8 => Zero is not null;

    /// <summary>
    /// An 8-bit tensor for values of this range. Values that are never negative use 0 to 127 only, as ours do: pairs of such products
    /// cannot saturate the 16-bit sums that ONNX Runtime uses where the machine has no VNNI. A clamp becomes the saturation of the
    /// element, which may be up to twice as wide.
    /// </summary>
    public static PeerTensor Int8(string name, Interval range) =>
        new(name, Math.ScaleB(1, Math.Max(0, Precisions.Bits(range.Magnitude) - Bits)), range.Lo < 0 ? Middle : (byte)0);
}
