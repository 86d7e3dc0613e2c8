using System.Buffers;
using System.Runtime.InteropServices;

namespace CortexMl.Frontends.Onnx;

/// <summary>An array of floats seen as bytes, so that writing a large constant needs no copy of it. The array is never written.</summary>
internal sealed class FloatBytes(float[] data) : MemoryManager<byte>
{
    public override Span<byte> GetSpan() => MemoryMarshal.AsBytes(data.AsSpan());

    public override MemoryHandle Pin(int elementIndex = 0) => throw new NotSupportedException("the bytes are read through spans");

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
    }
}
