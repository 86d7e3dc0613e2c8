using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Ops;

/// <summary>Shape and precision of <see cref="CvmConv"/>'s rows, checks in the order of the runtime.</summary>
public static class CvmConvRules
{
    /// <summary>An <c>out_layout</c> that follows <c>layout</c>.</summary>
    public const string Undefined = "__undef__";

    /// <summary>The runtime's type pass, between its shape and its precision pass: everything is int32.</summary>
    /// <exception cref="RuleException">conv2d wants another result type.</exception>
    public static void CheckResultType(RuleContext context)
    {
        if (context.Spec == CvmConv.Conv2D && context.Text("out_dtype") is not ("same" or "int32"))
            throw context.Logic($"out_dtype = {context.Text("out_dtype")}, allowed are same and int32");
    }

    internal static long[] ConvShape(RuleContext context)
    {
        CheckBias(context);
        CheckLayouts(context);
        CvmRules.Rank(context, 0, 4);
        var data = context.Shape(0);
        var kernel = CvmRules.Pair(context, "kernel_size", long.MinValue, long.MaxValue);
        var strides = CvmRules.Pair(context, "strides", 1, CvmRules.MaxFactor);
        var padding = CvmRules.Pair(context, "padding", 0, CvmRules.MaxFactor);
        var dilation = CvmRules.Pair(context, "dilation", 1, CvmRules.MaxFactor);
        long channels = context.Int("channels"), groups = context.Int("groups");
        if (groups < 1) throw context.Logic($"groups = {groups} is below 1");
        if (data[1] % groups != 0)
            throw context.Logic(
                $"{Counted.Of(data[1], "input channel does", "input channels do")} not divide into {Counted.Of(groups, "group")}");
        if (channels % groups != 0) throw context.Logic($"channels = {channels} does not divide into {Counted.Of(groups, "group")}");
        if (context.Has(2) && channels != 0) Vector(context, 2, channels);
        long height = Windows(context, data[2], kernel.H, strides.H, padding.H, dilation.H);
        long width = Windows(context, data[3], kernel.W, strides.W, padding.W, dilation.W);
        CheckWeight(context, [channels, data[1] / groups, kernel.H, kernel.W]);
        return [data[0], channels, height, width];
    }

    internal static long ConvPrecision(RuleContext context)
    {
        CheckResultType(context);
        CvmRules.Rank(context, 1, 4);
        return ProductPrecision(context, context.Shape(1).Count / context.Shape(1)[0]);
    }

    internal static long[] DenseShape(RuleContext context)
    {
        CheckBias(context);
        CvmRules.Rank(context, 0, 2);
        CvmRules.Rank(context, 1, 2);
        long units = context.Int("units");
        var (data, weight) = (context.Shape(0), context.Shape(1));
        if (weight[0] != units || weight[1] != data[1]) throw context.Runtime($"weight {weight} where [{units}, {data[1]}] is needed");
        if (context.Has(2)) Vector(context, 2, units);
        return [data[0], units];
    }

    internal static long DensePrecision(RuleContext context) => ProductPrecision(context, context.Shape(0)[1]);

    /// <summary>p(data) + p(weight) + bits(terms), with bias the larger of that and p(bias), plus 1.</summary>
    private static long ProductPrecision(RuleContext context, long terms)
    {
        CvmRules.InRange(context, "precision of data", context.Precision(0), 1, 8);
        CvmRules.InRange(context, "precision of weight", context.Precision(1), 1, 8);
        long sum = context.Precision(0) + context.Precision(1) + Precisions.Bits(terms);
        return context.Has(2) ? Math.Max(sum, context.Precision(2)) + 1 : sum;
    }

    private static void CheckBias(RuleContext context)
    {
        if (context.Bool("use_bias") != context.Has(2))
            throw context.Logic($"use_bias is {context.Get("use_bias")} with {Counted.Of(context.Operands.Count, "operand")}");
    }

    private static void CheckLayouts(RuleContext context)
    {
        if (context.Text("layout") != "NCHW") throw context.Logic($"layout '{context.Text("layout")}', only NCHW is allowed");
        if (context.Text("kernel_layout") != "OIHW")
            throw context.Logic($"kernel_layout '{context.Text("kernel_layout")}', only OIHW is allowed");
        string layout = context.Text("out_layout");
        if (layout is Undefined or "NCHW") return;
        string message = $"out_layout '{layout}', only NCHW is allowed";
        throw CvmLayout.IsWellFormed(layout) ? context.Logic(message) : context.Runtime(message);
    }

    // The runtime counts a bias of any length as fitting when channels is 0; the result then fails.
    private static void Vector(RuleContext context, int operand, long length)
    {
        var shape = context.Shape(operand);
        if (shape.Rank != 1 || shape[0] != length)
            throw context.Runtime($"{context.Spec.Operands[operand].Name} {shape} where [{length}] is needed");
    }

    // The reference does not compare the weight with the attributes and leaves its memory where they differ.
    private static void CheckWeight(RuleContext context, long[] needed)
    {
        if (!CvmRules.Dims(context.Shape(1)).AsSpan().SequenceEqual(needed))
            throw context.Logic($"weight {context.Shape(1)} where [{string.Join(", ", needed)}] is needed");
    }

    /// <summary>Number of window positions along one axis; the dilated kernel must fit the padded data.</summary>
    private static long Windows(RuleContext context, long dim, long kernel, long stride, long padding, long dilation)
    {
        long padded = dim + (2 * padding);
        if (kernel < 1) throw context.Logic($"kernel_size {kernel} is below 1");
        if (kernel > padded || 1 + ((kernel - 1) * dilation) > padded)
            throw context.Logic($"kernel_size {kernel} with dilation {dilation} is larger than the padded data, {padded}");
        return ((padded - 1 - ((kernel - 1) * dilation)) / stride) + 1;
    }
}
