using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Pointwise;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Passes.Quantize.Shapes;
using CortexMl.Passes.Quantize.Tables;

namespace CortexMl.Passes.Quantize;

/// <summary>How one float row becomes integers.</summary>
/// <param name="Demand">In which precision and scale operand i is wanted; null for operands that are read as parameters.</param>
/// <param name="Lower">Emits the integer operations and returns the result in whatever precision and scale it comes out.</param>
internal sealed record LoweringRule(Func<Operation, int, Demands, Demand?> Demand, Func<Operation, Quantizer, Value> Lower)
{
    /// <summary>When an operation of this row cannot be lowered after all, why; null when it can.</summary>
    public Func<Operation, string?> Refusal { get; init; } = static _ => null;

    /// <summary>Which scales operand i may have.</summary>
    public Func<Operation, int, Demands, ScaleFreedom> Freedom { get; init; } = static (_, _, _) => ScaleFreedom.One;

    /// <summary>The table that an operation of this row becomes; null where it is none, or none whose steps may be chosen.</summary>
    public Func<Operation, Demands, LookupTable?> Table { get; init; } = static (_, _) => null;
}

/// <summary>What a consumer can do about the scale of what it reads.</summary>
internal enum ScaleFreedom
{
    /// <summary>Any scale, one for the whole value.</summary>
    One,

    /// <summary>Any scale, of each channel its own: weights take them up.</summary>
    EachChannel,

    /// <summary>The same scale as all that it is added to, or compared with.</summary>
    Shared,

    /// <summary>It asks for what its own consumers ask of its result.</summary>
    HandedOn,

    /// <summary>Integers as they are: scale 1.</summary>
    Unit,
}

/// <summary>Every float row that quantize knows, and how (passes/Quantize/README.md §6).</summary>
internal static class LoweringTable
{
    private static readonly Dictionary<OpSpec, LoweringRule> Rules = new()
    {
        [NnConv.Conv2D] = ConvolutionLowering.Conv2D,
        [NnConv.Dense] = ConvolutionLowering.Dense,
        [NnConv.MatMul] = MatMulLowering.MatMul,

        [NnPool.MaxPool2D] = MaxPoolLowering.MaxPool2D,
        [NnPool.GlobalMaxPool] = MaxPoolLowering.Global,
        [NnPool.AvgPool2D] = AveragePoolLowering.AvgPool2D,
        [NnPool.GlobalAvgPool] = ReduceLowering.GlobalAverage,
        [NnReduce.Mean] = ReduceLowering.Mean,
        [NnReduce.Sum] = ReduceLowering.SumOf,
        [NnReduce.Max] = ReduceLowering.Max,

        [NnUnary.Relu] = ActivationLowering.Relu,
        [NnUnary.Abs] = ActivationLowering.Abs,
        [NnUnary.Neg] = ActivationLowering.Neg,
        [NnUnary.Clip] = ActivationLowering.Clip,
        [NnSoftmax.Softmax] = SoftmaxLowering.Softmax,
        [NnNorm.Normalize] = NormalizeLowering.Normalize,

        [NnBinary.Add] = SumLowering.Add,
        [NnBinary.Sub] = SumLowering.Sub,
        [NnBinary.Max] = SumLowering.Max,
        [NnBinary.Min] = SumLowering.Min,
        [NnBinary.Greater] = GreaterLowering.Greater,
        [NnBinary.Mul] = ScalingLowering.Mul,
        [NnBinary.Pow] = TableLowering.Power,

        [NnUnary.Identity] = ShapeLowering.Identity,
        [NnUnary.Dropout] = ShapeLowering.Identity,
        [NnShape.Reshape] = ShapeLowering.Reshape,
        [NnShape.ExpandDims] = ShapeLowering.Reshape,
        [NnShape.Squeeze] = ShapeLowering.Reshape,
        [NnShape.Flatten] = ShapeLowering.Flatten,
        [NnShape.Transpose] = ShapeLowering.Transpose,
        [NnShape.Concat] = ShapeLowering.Concat,
        [NnShape.Slice] = ShapeLowering.Slice,
        [NnShape.Pad] = ShapeLowering.Pad,
        [NnShape.Tile] = ShapeLowering.Tile,
        [NnShape.Repeat] = ShapeLowering.Repeat,
        [NnShape.BroadcastTo] = ShapeLowering.BroadcastTo,
        [NnShape.UpSample] = ShapeLowering.UpSample,
        [NnLookup.Take] = TakeLowering.Take,
        [NnDetection.NonMaxSuppression] = SuppressionLowering.NonMaxSuppression,
    };

    static LoweringTable()
    {
        // Every other function of one number is a table.
        foreach (var (row, function) in UnaryFunctions.All) Rules.TryAdd(row, TableLowering.Of(function));
    }

    public static LoweringRule? Find(Operation operation) => Rules.GetValueOrDefault(operation.Spec) ?? IntegerRows.Find(operation.Spec);

    public static bool Knows(OpSpec row) => Rules.ContainsKey(row);
}
