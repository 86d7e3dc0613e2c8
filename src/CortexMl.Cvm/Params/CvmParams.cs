using System.Buffers.Binary;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Params;

/// <summary>A params file by itself, without the symbol that it belongs to.</summary>
public static class CvmParams
{
    /// <summary>Whether the bytes begin as a CVM params file does.</summary>
    public static bool IsParams(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 8 && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == ParamsFormat.ListMagic;

    /// <summary>Every tensor by name, int8 widened to int32.</summary>
    /// <exception cref="DiagnosticException">The file is broken, or a tensor is no int8 or int32.</exception>
    public static IReadOnlyDictionary<string, Tensor> Read(ReadOnlyMemory<byte> bytes, string name)
    {
        var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        foreach (var entry in CvmParamsReader.Read(bytes, name))
        {
            if (entry.TypeCode != ParamsFormat.SignedInteger || entry.Bits is not (8 or 32) || entry.Lanes != 1)
                throw new DiagnosticException(
                    CvmCodes.ParamsType, $"'{entry.Name}' is neither int8 nor int32", SourceLocation.At(name, entry.Offset));
            var shape = Shape.Of(entry.Dims.Select(d => (int)d));
            int size = entry.Bits / 8;
            var stored =
                TensorBytes.Read(size == 1 ? DType.I8 : DType.I32, shape, bytes.Span.Slice(entry.DataOffset, (int)shape.Count * size));
            tensors[entry.Name] = stored.ToInt32();
        }
        return tensors;
    }
}
