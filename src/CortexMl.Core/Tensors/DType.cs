namespace CortexMl.Tensors;

/// <summary>How a tensor's elements are stored. The IR's own element types are <c>ElementType</c>.</summary>
public enum DType { F16, F32, F64, I8, U8, I16, U16, I32, U32, I64, U64, Bool }

public static class DTypes
{
    /// <summary>Bytes per element.</summary>
    public static int Size(this DType type) => type switch
    {
        DType.I8 or DType.U8 or DType.Bool => 1,
        DType.F16 or DType.I16 or DType.U16 => 2,
        DType.F32 or DType.I32 or DType.U32 => 4,
        _ => 8,
    };

    public static DType Of<T>() where T : unmanaged => default(T) switch
    {
        Half => DType.F16,
        float => DType.F32,
        double => DType.F64,
        sbyte => DType.I8,
        byte => DType.U8,
        short => DType.I16,
        ushort => DType.U16,
        int => DType.I32,
        uint => DType.U32,
        long => DType.I64,
        ulong => DType.U64,
        bool => DType.Bool,
        _ => throw new NotSupportedException($"no tensor element type for {typeof(T)}"),
    };
}
