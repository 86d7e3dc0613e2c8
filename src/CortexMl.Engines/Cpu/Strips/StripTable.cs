using System.Collections.Frozen;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>The element-wise rows and their kernels.</summary>
internal static class StripTable
{
    private static readonly FrozenDictionary<OpSpec, Func<Operation, StripKernel>> s_rows =
        new Dictionary<OpSpec, Func<Operation, StripKernel>>
        {
            [CvmUnary.Abs] = _ => new UnaryStrip<MagnitudeStrip>(default),
            [CvmUnary.Negative] = _ => new UnaryStrip<NegateStrip>(default),
            [CvmUnary.Relu] = _ => new UnaryStrip<ClampStrip>(new(0, int.MaxValue)),
            [CvmUnary.CvmPrecision] = _ => new DigitsStrip(),
            [CvmUnary.Clip] = op => new UnaryStrip<ClampStrip>(new((int)op.Int("a_min"), (int)op.Int("a_max"))),
            [CvmUnary.CvmClip] = op => new UnaryStrip<ClampStrip>(new(-Bound(op), Bound(op))),
            [CvmUnary.CvmLeftShift] = op => new UnaryStrip<ScaleStrip>(new(unchecked((int)(1L << Bits(op))), Bound(op))),
            [CvmUnary.CvmRightShift] = op => new UnaryStrip<RoundingShiftStrip>(new(Bits(op), Bound(op))),
            [CvmBinary.ElemwiseAdd] = _ => new BinaryStrip<AddStrip>(),
            [CvmBinary.ElemwiseSub] = _ => new BinaryStrip<SubtractStrip>(),
            [CvmBinary.BroadcastAdd] = _ => new BinaryStrip<AddStrip>(),
            [CvmBinary.BroadcastSub] = _ => new BinaryStrip<SubtractStrip>(),
            [CvmBinary.BroadcastMul] = _ => new BinaryStrip<MultiplyStrip>(),
            [CvmBinary.BroadcastMax] = _ => new BinaryStrip<LargerStrip>(),
            [CvmBinary.BroadcastGreater] = _ => new BinaryStrip<GreaterStrip>(),
            [CvmBinary.BroadcastDiv] = _ => new DivisionStrip(),
            [CvmLookup.CvmLut] = op => new TableStrip(op.Operands[1].Constant!.Integers.ToArray()),
            [CvmLookup.Where] = _ => new ChoiceStrip(),
        }.ToFrozenDictionary();

    /// <summary>Whether an operation runs on strips: a table must be known.</summary>
    public static bool Takes(Operation operation) => operation.Constant is null && s_rows.ContainsKey(operation.Spec)
        && operation.Result.Type.Shape.Count is > 0 and <= int.MaxValue
        && (operation.Spec != CvmLookup.CvmLut || operation.Operands[1].IsConstant);

    /// <summary>The operands that a kernel reads element by element; a table is part of the kernel.</summary>
    public static IEnumerable<Value> Operands(Operation operation) =>
        operation.Spec == CvmLookup.CvmLut ? operation.Operands.Take(1) : operation.Operands;

    /// <param name="operation">For which <see cref="Takes"/> said yes.</param>
    public static StripKernel Kernel(Operation operation) => s_rows[operation.Spec](operation);

    private static int Bits(Operation op) => (int)op.Int("shift_bit");

    private static int Bound(Operation op) => (int)Precisions.Bound((int)op.Int("precision"));
}
