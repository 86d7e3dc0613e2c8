using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Cvm;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>Rows of two operands, element by element: ONNX broadcasts as NumPy and the CVM do.</summary>
internal static class ExactPairs
{
    public static IReadOnlyDictionary<OpSpec, ExactForm> All { get; } = new Dictionary<OpSpec, ExactForm>
    {
        [CvmBinary.ElemwiseAdd] = new("Add", row => Arithmetic(row, "Add")),
        [CvmBinary.ElemwiseSub] = new("Sub", row => Arithmetic(row, "Sub")),
        [CvmBinary.BroadcastAdd] = new("Add", row => Arithmetic(row, "Add")),
        [CvmBinary.BroadcastSub] = new("Sub", row => Arithmetic(row, "Sub")),
        [CvmBinary.BroadcastMul] = new("Mul", row => Arithmetic(row, "Mul")),
        [CvmBinary.BroadcastMax] = new("Max", row => row.Emit("Max", row.Operands)),
        [CvmBinary.BroadcastGreater] = new("Greater", row =>
            row.Emit("Cast", [row.Step("Greater", row.Operands)], Attribute("to", (long)DataType.Int32))),
        [CvmBinary.BroadcastDiv] = new("Div, and Where the divisor is 0", Divide),
    };

    /// <summary>In 32 bits where the result is proven to fit, else in 64, of which the CVM keeps the low 32.</summary>
    private static void Arithmetic(ExactRow row, string type)
    {
        var width = row.Wraps ? DataType.Int64 : DataType.Int32;
        row.Chain(0, row.Wraps).Then(type, [row.Operand(1, width)]).To(DataType.Int32).Emit();
    }

    //  b = 0 ? 0 : a / b      ⇒      where(b = 0, 0, a / where(b = 0, 1, b))
    //
    // Runtimes stop at a division by 0, and at that of the most negative integer by -1.
    private static void Divide(ExactRow row)
    {
        Interval a = row.Range(0), b = row.Range(1);
        bool isWide = a.Lo == int.MinValue && b.Contains(-1);
        var width = isWide ? DataType.Int64 : DataType.Int32;
        string divisor = row.Operand(1, width);
        if (!b.Contains(0))
        {
            row.Chain(0, isWide).Then("Div", [divisor]).To(DataType.Int32).Emit();
            return;
        }
        string isZero = row.Step("Equal", [divisor, row.Number(0, width)]);
        string safe = row.Step("Where", [isZero, row.Number(1, width), divisor]);
        string quotient = row.Chain(0, isWide).Then("Div", [safe]).To(DataType.Int32).Step();
        row.Emit("Where", [isZero, row.Number(0, DataType.Int32), quotient]);
    }
}
