using CortexMl.Ir;

namespace CortexMl.Ops.Cvm;

/// <summary>
/// Attribute columns of CVM rows: integers are 32 bits wide there, and anything wider does not even parse (CortexMl.Cvm/SPECIFICATION.md
/// §5).
/// </summary>
internal static class CvmAttr
{
    private static readonly string[] DTypes =
        ["int32", "float16", "float32", "float64", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int64"];

    public static readonly AttributeSpec Layout = Attr.Text("layout", "order of the data's axes, NCHW", "NCHW");

    public static readonly AttributeSpec UseBias = Attr.Bool("use_bias", "whether a bias operand is given", true);

    public static readonly AttributeSpec IsSign = Attr.Bool("is_sign", "ignored by the runtime", true);

    public static AttributeSpec Int(string name, string doc, long? value = null, long min = int.MinValue) =>
        Attr.Int(name, doc, value, min, int.MaxValue);

    /// <summary>An integer that may be left out, which then means <c>None</c>.</summary>
    public static AttributeSpec OptionalInt(string name, string doc) =>
        new(name, AttributeKind.Int, null, doc) { Min = int.MinValue, Max = int.MaxValue };

    public static AttributeSpec DType(string name, string doc, string? first = null) =>
        Attr.Choice(name, doc, first is null ? DTypes : [first, .. DTypes]);
}
