using System.Globalization;
using System.Runtime.InteropServices;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;

namespace CortexMl.Frontends.Onnx.Read;

/// <summary>ONNX's element types: which are read, as what, and how many bytes they take in a file.</summary>
internal static class ElementTypes
{
    public const string Readable = "float, double, float16, bfloat16, (u)int8 to (u)int64, bool";

    /// <summary>How a type is held here; null for those that are not read.</summary>
    public static DType? Find(DataType type) => type switch
    {
        DataType.Float or DataType.Double or DataType.Float16 or DataType.Bfloat16 => DType.F32,
        DataType.Int8 => DType.I8,
        DataType.Uint8 => DType.U8,
        DataType.Int16 => DType.I16,
        DataType.Uint16 => DType.U16,
        DataType.Int32 => DType.I32,
        DataType.Uint32 => DType.U32,
        DataType.Int64 => DType.I64,
        DataType.Uint64 => DType.U64,
        DataType.Bool => DType.Bool,
        _ => null,
    };

    /// <summary>As <see cref="Find"/> for a type that is read.</summary>
    public static DType Stored(DataType type) => Find(type)!.Value;

    /// <summary>The type's name as ONNX spells it.</summary>
    public static string Name(int type) =>
        Enum.IsDefined((DataType)type) ? ((DataType)type).ToString().ToUpperInvariant() : type.ToString(CultureInfo.InvariantCulture);

    public static int FileBytes(DataType type) => type switch
    {
        DataType.Double => 8,
        DataType.Float16 or DataType.Bfloat16 => 2,
        _ => Stored(type).Size(),
    };

    /// <param name="bytes">Little-endian, exactly as many as the shape needs.</param>
    public static Tensor FromBytes(DataType type, Shape shape, ReadOnlySpan<byte> bytes) => type switch
    {
        DataType.Double => TensorBytes.Read(DType.F64, shape, bytes).ToFloat(),
        DataType.Float16 => TensorBytes.Read(DType.F16, shape, bytes).ToFloat(),
        DataType.Bfloat16 => Tensor.Create(shape, Array.ConvertAll(
            MemoryMarshal.Cast<byte, ushort>(bytes).ToArray(), v => BitConverter.Int32BitsToSingle(v << 16))),
        _ => TensorBytes.Read(Stored(type), shape, bytes),
    };
}
