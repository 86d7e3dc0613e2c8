using System.Runtime.InteropServices;
using CortexMl.Cvm.Symbol;
using CortexMl.Ir;

namespace CortexMl.Cvm.Params;

/// <summary>Writes constants as a params file (CortexMl.Cvm/SPECIFICATION.md §3): int8 up to precision 8, else int32.</summary>
internal static class ParamsWriter
{
    public static byte[] Write(IEnumerable<(string Name, Value Value)> parameters)
    {
        var list = parameters.ToList();
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(ParamsFormat.ListMagic);
        writer.Write(0UL);
        writer.Write((ulong)list.Count);
        foreach (var (name, _) in list)
        {
            byte[] bytes = ByteText.Encode(name);
            writer.Write((ulong)bytes.Length);
            writer.Write(bytes);
        }
        writer.Write((ulong)list.Count);
        foreach (var (_, value) in list) WriteTensor(writer, value);
        writer.Flush();
        return stream.ToArray();
    }

    private static void WriteTensor(BinaryWriter writer, Value value)
    {
        int width = value.Type.Precision <= 8 ? 1 : 4;
        writer.Write(ParamsFormat.TensorMagic);
        writer.Write(0UL);
        writer.Write(ParamsFormat.CpuDevice);
        writer.Write(0);
        writer.Write(value.Type.Shape.Rank);
        writer.Write(ParamsFormat.SignedInteger);
        writer.Write((byte)(8 * width));
        writer.Write((ushort)1);
        foreach (long dim in value.Type.Shape) writer.Write(dim);
        writer.Write(value.Type.Shape.Count * width);
        var elements = value.Constant!.Integers;
        writer.Write(width == 4 ? MemoryMarshal.AsBytes(elements) : Narrowed(elements));
    }

    private static byte[] Narrowed(ReadOnlySpan<int> elements)
    {
        var bytes = new byte[elements.Length];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = unchecked((byte)checked((sbyte)elements[i]));
        return bytes;
    }
}
