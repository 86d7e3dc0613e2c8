using CortexMl.Ops;
using static CortexMl.Frontends.Onnx.OnnxRow;

namespace CortexMl.Frontends.Onnx;

/// <summary>Softmax and the rows that normalise by the data itself.</summary>
internal static class NormRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnSoftmax.Softmax] = row => row.Emit("Softmax", row.Operands, Attribute("axis", row.Op.Int("axis"))),
        [NnSoftmax.LogSoftmax] = row => row.Emit("LogSoftmax", row.Operands, Attribute("axis", row.Op.Int("axis"))),
        [NnNorm.Lrn] = row => row.Emit("LRN", row.Operands,
            Attribute("alpha", row.Op.Float("alpha")), Attribute("beta", row.Op.Float("beta")),
            Attribute("bias", row.Op.Float("bias")), Attribute("size", row.Op.Int("size"))),
        [NnNorm.L2Normalize] = row => row.Emit("LpNormalization", row.Operands, Attribute("axis", row.Op.Int("axis")), Attribute("p", 2)),
    };
}
