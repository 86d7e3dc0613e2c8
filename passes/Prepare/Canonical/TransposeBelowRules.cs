using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare.Canonical;

/// <summary>Transposes sink below operators that name axes, too: networks of frameworks with channels last lose theirs this way.</summary>
internal static class TransposeBelowRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        // concat(transpose(x; p), transpose(y; p); axis) → transpose(concat(x, y; p[axis]); p)
        Rule.On(NnShape.Concat).Rewrite(Concat),
        // pad(transpose(x; p); before, after) → transpose(pad(x; before and after of the axes they came from); p)
        Rule.On(NnShape.Pad).Rewrite(Pad),
        // reduce(transpose(x; p); axes) → transpose(reduce(x; p[axes]); the axes that are left, in their order)
        .. OpTable.With(Level.Float, OpTraits.None).Where(spec => spec.Attribute("keepdims") is not null)
            .Select(spec => Rule.On(spec).Rewrite(Reduction)),
    ];

    private static Value? Concat(Operation concat, PassContext context)
    {
        if (concat["data"].MadeBy(NnShape.Transpose) is not { } first) return null;
        int[] axes = TransposeRules.Axes(first);
        var operands = new List<Value>();
        foreach (var operand in concat.Operands)
        {
            if (operand.OnlyMadeBy(NnShape.Transpose) is not { } transpose || !TransposeRules.Axes(transpose).SequenceEqual(axes))
                return null;
            operands.Add(transpose["data"]);
        }
        int axis = axes[concat.Result.Type.Shape.Axis(concat.Int("axis"))];
        return TransposeRules.Transposed(
            concat, context, context.Insert(concat, NnShape.Concat, operands, Attributes.Of(("axis", axis))), axes);
    }

    private static Value? Pad(Operation pad, PassContext context)
    {
        if (pad["data"].OnlyMadeBy(NnShape.Transpose) is not { } transpose) return null;
        int[] axes = TransposeRules.Axes(transpose);
        var attributes = Attributes.Of(("before", Back("before")), ("after", Back("after")), ("value", pad.Float("value")));
        return TransposeRules.Transposed(pad, context, context.Insert(pad, NnShape.Pad, [transpose["data"]], attributes), axes);

        long[] Back(string name) => [.. Enumerable.Range(0, axes.Length).Select(axis => pad.Ints(name)[Array.IndexOf(axes, axis)])];
    }

    private static Value? Reduction(Operation reduction, PassContext context)
    {
        if (reduction["data"].OnlyMadeBy(NnShape.Transpose) is not { } transpose) return null;
        int[] axes = TransposeRules.Axes(transpose),
        reduced = [.. reduction.Ints("axes").Select(a => axes[reduction["data"].Type.Shape.Axis(a)]).Order()];
        bool keeps = reduction.Bool("keepdims");
        var value =
            context.Insert(reduction, reduction.Spec, [transpose["data"]], Attributes.Of(("axes", reduced), ("keepdims", keeps)));
        int[] left = keeps ? axes : [.. axes.Except(reduced)], order = [.. left.Select(axis => left.Count(other => other < axis))];
        return order.SequenceEqual(order.Order()) ? value : TransposeRules.Transposed(reduction, context, value, order);
    }
}
