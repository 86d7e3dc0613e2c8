using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>What looks at the bits of known numbers.</summary>
internal static class OnnxBitOps
{
    private const string AtImport = "of constants, at import";

    public static readonly OnnxOp[] Rows =
    [
        Bits("BitwiseAnd", (a, b) => a & b),
        Bits("BitwiseOr", (a, b) => a | b),
        Bits("BitwiseXor", (a, b) => a ^ b),
        new("BitwiseNot", AtImport) { Fold = n => Elementwise.Unary(n.Integers(), v => v, v => ~v) },
        new("BitShift", AtImport)
        {
            Fold = n => n.Attributes.Choice("direction", "", "LEFT", "RIGHT") switch
            {
                "LEFT" => Of(n, (a, by) => by is < 0 or > 63 ? 0 : a << (int)by),
                "RIGHT" => Of(n, (a, by) => by is < 0 or > 63 ? 0 : (long)((ulong)a >> (int)by)),
                _ => throw n.Attributes.Unsupported("direction", "LEFT, RIGHT"),
            },
        },
        new("BitCast", AtImport + ", between types of one size") { Fold = Reinterpreted },
        new("IsNaN", AtImport) { Fold = n => Which(n, double.IsNaN) },
        new("IsInf", AtImport)
        {
            Fold = n =>
            {
                bool above = n.Attributes.Bool("detect_positive", true), below = n.Attributes.Bool("detect_negative", true);
                return Which(n, v => (above && double.IsPositiveInfinity(v)) || (below && double.IsNegativeInfinity(v)));
            },
        },
    ];

    private static OnnxOp Bits(string name, Func<long, long, long> function) => new(name, AtImport) { Fold = n => Of(n, function) };

    private static Entry[] Of(OnnxNode n, Func<long, long, long> function) => Elementwise.Fold(n.Integers(), (a, _) => a, function);

    private static OnnxNode Integers(this OnnxNode n) =>
        n.Input().Type.IsReal() ? throw n.Mismatch("it is defined for integers; its data are real numbers") : n;

    private static Entry[] Which(OnnxNode n, Predicate<double> holds) =>
        n.Out(Tensor.Create(n.Reserve(n.Shape().Select(d => (long)d), DType.Bool),
            Array.ConvertAll(n.Constant(0, "the data").Doubles(), v => holds(v))));

    private static Entry[] Reinterpreted(OnnxNode n)
    {
        var tensor = n.Constant(0, "the data");
        var to = (Schema.TensorProto.Types.DataType)n.Attributes.Int("to", 0);
        var type = ElementTypes.Find(to) ?? throw n.Attributes.Unsupported("to", ElementTypes.Readable);
        if (type.Size() != tensor.DType.Size())
            throw n.Refused($"{tensor.DType} and {type} differ in size", "types of one size are supported");
        n.Reserve(tensor.Shape.Select(d => (long)d), type);
        return n.Out(TensorBytes.Read(type, tensor.Shape, tensor.Bytes.ToArray()));
    }
}
