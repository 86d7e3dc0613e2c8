using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Ops.Cvm;

/// <summary>Shape and precision of <see cref="CvmConv"/>'s rows, checks in the order of the runtime.</summary>
public static class CvmConvRules
{
    /// <summary>An <c>out_layout</c> that follows <c>layout</c>.</summary>
    public const string Undefined = "__undef__";

    /// <summary>The runtime's type pass, between its shape and its precision pass: everything is int32.</summary>
    /// <exception cref="RuleException">conv2d wants another result type.</exception>
    public static void CheckResultType(IOperation op)
    {
        if (op.Spec == CvmConv.Conv2D && op.Text("out_dtype") is not ("same" or "int32"))
            throw op.Logic($"out_dtype = {op.Text("out_dtype")}, allowed are same and int32");
    }

    internal static long[] ConvShape(IOperation op)
    {
        CheckBias(op);
        CheckLayouts(op);
        CvmRules.Rank(op, 0, 4);
        var data = op.Shape(0);
        CvmRules.Pair(op, "kernel_size", long.MinValue, long.MaxValue);
        CvmRules.Pair(op, "strides", 1, CvmRules.MaxFactor);
        CvmRules.Pair(op, "padding", 0, CvmRules.MaxFactor);
        CvmRules.Pair(op, "dilation", 1, CvmRules.MaxFactor);
        var window = SlidingWindow.Of(op);
        long channels = op.Int("channels"), groups = op.Int("groups");
        if (groups < 1) throw op.Logic($"groups = {groups} is below 1");
        if (data[1] % groups != 0)
            throw op.Logic(
                $"{Counted.Of(data[1], "input channel does", "input channels do")} not divide into {Counted.Of(groups, "group")}");
        if (channels % groups != 0) throw op.Logic($"channels = {channels} does not divide into {Counted.Of(groups, "group")}");
        if (op.Has(2) && channels != 0) Vector(op, 2, channels);
        long height = Positions(op, window.Rows, data[2]), width = Positions(op, window.Columns, data[3]);
        CheckWeight(op, [channels, data[1] / groups, .. window.Kernel]);
        return [data[0], channels, height, width];
    }

    internal static long ConvPrecision(IOperation op)
    {
        CheckResultType(op);
        CvmRules.Rank(op, 1, 4);
        return ProductPrecision(op, op.Shape(1).Count / op.Shape(1)[0]);
    }

    internal static long[] DenseShape(IOperation op)
    {
        CheckBias(op);
        CvmRules.Rank(op, 0, 2);
        CvmRules.Rank(op, 1, 2);
        long units = op.Int("units");
        var (data, weight) = (op.Shape(0), op.Shape(1));
        if (weight[0] != units || weight[1] != data[1]) throw op.Runtime($"weight {weight} where [{units}, {data[1]}] is needed");
        if (op.Has(2)) Vector(op, 2, units);
        return [data[0], units];
    }

    internal static long DensePrecision(IOperation op) => ProductPrecision(op, op.Shape(0)[1]);

    /// <summary>p(data) + p(weight) + bits(terms), with bias the larger of that and p(bias), plus 1.</summary>
    private static long ProductPrecision(IOperation op, long terms)
    {
        CvmRules.InRange(op, "precision of data", op.Precision(0), 1, 8);
        CvmRules.InRange(op, "precision of weight", op.Precision(1), 1, 8);
        long sum = op.Precision(0) + op.Precision(1) + Precisions.Bits(terms);
        return op.Has(2) ? Math.Max(sum, op.Precision(2)) + 1 : sum;
    }

    private static void CheckBias(IOperation op)
    {
        if (op.Bool("use_bias") != op.Has(2))
            throw op.Logic($"use_bias is {op.Get("use_bias")} with {Counted.Of(op.OperandCount, "operand")}");
    }

    private static void CheckLayouts(IOperation op)
    {
        if (op.Text("layout") != "NCHW") throw op.Logic($"layout '{op.Text("layout")}', only NCHW is allowed");
        if (op.Text("kernel_layout") != "OIHW")
            throw op.Logic($"kernel_layout '{op.Text("kernel_layout")}', only OIHW is allowed");
        string layout = op.Text("out_layout");
        if (layout is Undefined or "NCHW") return;
        string message = $"out_layout '{layout}', only NCHW is allowed";
        throw CvmLayout.IsWellFormed(layout) ? op.Logic(message) : op.Runtime(message);
    }

    // The runtime counts a bias of any length as fitting when channels is 0; the result then fails.
    private static void Vector(IOperation op, int operand, long length)
    {
        var shape = op.Shape(operand);
        if (shape.Rank != 1 || shape[0] != length)
            throw op.Runtime($"{op.Spec.Operands[operand].Name} {shape} where [{length}] is needed");
    }

    // The reference does not compare the weight with the attributes and leaves its memory where they differ.
    private static void CheckWeight(IOperation op, long[] needed)
    {
        if (!CvmRules.Dims(op.Shape(1)).AsSpan().SequenceEqual(needed))
            throw op.Logic($"weight {op.Shape(1)} where [{string.Join(", ", needed)}] is needed");
    }

    /// <summary>Number of window positions along one axis; the dilated kernel must fit the padded data.</summary>
    private static long Positions(IOperation op, WindowAxis axis, long dim)
    {
        long padded = dim + axis.Before + axis.After;
        if (axis.Kernel < 1) throw op.Logic($"kernel_size {axis.Kernel} is below 1");
        if (axis.Kernel > padded || axis.Extent > padded)
            throw op.Logic($"kernel_size {axis.Kernel} with dilation {axis.Dilation} is larger than the padded data, {padded}");
        return axis.Positions(dim);
    }
}
