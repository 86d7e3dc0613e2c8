using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>Element types as options and descriptions spell them: u8, f32; NumPy's names are understood too.</summary>
public static class DTypeNames
{
    private static readonly (string Short, string Long, DType Type)[] Names =
    [
        ("u8", "uint8", DType.U8), ("i8", "int8", DType.I8), ("u16", "uint16", DType.U16),
        ("i16", "int16", DType.I16), ("u32", "uint32", DType.U32),
        ("i32", "int32", DType.I32), ("u64", "uint64", DType.U64), ("i64", "int64", DType.I64), ("f16", "float16", DType.F16),
        ("f32", "float32", DType.F32), ("f64", "float64", DType.F64), ("bool", "bool", DType.Bool),
    ];

    public static string Of(DType type) => Array.Find(Names, n => n.Type == type).Short;

    /// <exception cref="DiagnosticException">CML0807: no such type.</exception>
    public static DType Parse(string text)
    {
        int at = Array.FindIndex(Names, n => n.Short == text || n.Long == text);
        if (at >= 0) return Names[at].Type;
        throw new DiagnosticException(DataCodes.Preprocessing, $"there is no element type '{text}'",
            hint: Nearest.Hint(text, Names.SelectMany(n => (string[])[n.Short, n.Long]),
                $"allowed: {string.Join(", ", Names.Select(n => n.Short))}"));
    }
}
