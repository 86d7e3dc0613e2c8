using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Tensors;

/// <summary>Reads .npy files: versions 1 to 3, both byte orders, C order and (converted) Fortran order.</summary>
public static class NpyReader
{
    /// <exception cref="DiagnosticException">CML0101, CML0102, CML0104 with the byte offset, CML0106.</exception>
    public static Tensor Read(string path) => Read(InputFile.ReadUnpacked(path), InputFile.DisplayName(path));

    public static bool IsNpy(ReadOnlySpan<byte> bytes) => NpyHeader.IsNpy(bytes);

    /// <param name="name">What messages call the file.</param>
    /// <exception cref="DiagnosticException">CML0104 with the byte offset.</exception>
    public static Tensor Read(ReadOnlySpan<byte> bytes, string name)
    {
        var header = NpyHeader.Parse(bytes, name);
        CheckLength(header, bytes.Length, name);
        var data = bytes.Slice(header.DataOffset, (int)(header.Shape.Count * header.Type.Size()));
        if (!header.FortranOrder) return TensorBytes.Read(header.Type, header.Shape, data, header.BigEndian);
        return TensorBytes.Read(header.Type, header.Shape, RowMajor(data, header.Shape, header.Type.Size()), header.BigEndian);
    }

    /// <summary>Where the elements of a file lie, so that some of them can be read without the others.</summary>
    /// <param name="start">The first bytes of the file.</param>
    /// <param name="size">Of the whole file.</param>
    /// <param name="name">What messages call the file.</param>
    /// <returns>Null where the elements do not lie in C order, or where the head is longer than the start.</returns>
    /// <exception cref="DiagnosticException">CML0104 with the byte offset.</exception>
    public static StoredArray? Find(ReadOnlySpan<byte> start, long size, string name)
    {
        if (NpyHeader.Parse(start, size, name, StoredArray.Most) is not { FortranOrder: false } header) return null;
        CheckLength(header, size, name);
        return new(header.Type, header.Shape, header.DataOffset, header.BigEndian);
    }

    private static void CheckLength(NpyHeader header, long size, string name)
    {
        long wanted = header.Shape.Count * header.Type.Size(), there = size - header.DataOffset;
        if (wanted > there)
            throw NpyHeader.Malformed(name, size,
                $"shape {header.Shape} of {header.Type} needs {Counted.Of(wanted, "byte")}, "
                + $"but only {Counted.Of(there, "follows", "follow")} the header", "the file was cut off: copy it again");
    }

    /// <summary>Elements whose first index runs fastest, put into the order in which the last one does.</summary>
    private static byte[] RowMajor(ReadOnlySpan<byte> columnMajor, Shape shape, int size)
    {
        var result = new byte[columnMajor.Length];
        var strides = shape.Strides();
        var index = new int[shape.Rank];
        for (int source = 0; source < columnMajor.Length; source += size)
        {
            int target = 0;
            for (int axis = 0; axis < index.Length; axis++) target += index[axis] * strides[axis];
            columnMajor.Slice(source, size).CopyTo(result.AsSpan(target * size));
            for (int axis = 0; axis < index.Length && ++index[axis] == shape[axis]; axis++) index[axis] = 0;
        }
        return result;
    }
}
