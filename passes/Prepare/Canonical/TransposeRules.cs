using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Canonical;

/// <summary>
/// Transposes sink towards the outputs, where they meet others and cancel. Canonical: nothing element by element behind one.
/// </summary>
internal static class TransposeRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        // transpose(x; 0, 1, …) → x; a transpose that moves only axes of size 1 → reshape(x)
        Rule.On(NnShape.Transpose).Where(KeepsOrder).Rewrite((op, context) =>
            op.Operands[0].Type.Shape == op.Result.Type.Shape ? op.Operands[0] : context.Reshape(op, op.Operands[0], op.Result.Type.Shape)),
        // transpose(transpose(x; p); q) → transpose(x; p∘q)
        Rule.On(NnShape.Transpose).Rewrite((op, context) =>
        {
            if (op.Operands[0].MadeBy(NnShape.Transpose) is not { } inner) return null;
            int[] first = Axes(inner);
            return Transposed(op, context, inner.Operands[0], [.. Axes(op).Select(axis => first[axis])]);
        }),
        // f(transpose(x)) → transpose(f(x)) for every f of one operand, element by element
        .. Elementwise(operands: 1).Select(spec => Rule.On(spec).Rewrite((op, context) =>
        {
            if (op.Operands[0].OnlyMadeBy(NnShape.Transpose) is not { } transpose) return null;
            return Transposed(op, context, context.Insert(op, spec, [transpose.Operands[0]], op.Attributes), Axes(transpose));
        })),
        // transpose(x; p) ∘ transpose(y; p) → transpose(x ∘ y; p); transpose(x; p) ∘ c → transpose(x ∘ c'; p) with a constant c, its axes
        // moved back
        .. Elementwise(operands: 2).Select(spec => Rule.On(spec).Rewrite(SinkBelow)),
    ];

    private static IEnumerable<OpSpec> Elementwise(int operands) =>
        OpTable.With(Level.Float, OpTraits.Elementwise).Where(row => row.Operands.Count == operands);

    private static Value? SinkBelow(Operation op, PassContext context)
    {
        var (a, b) = (op.Operands[0], op.Operands[1]);
        if (a.Type.Shape != op.Result.Type.Shape || a.OnlyMadeBy(NnShape.Transpose) is not { } left) return null;
        if (b.IsConstant)
            return Transposed(op, context,
                context.Insert(op, op.Spec, [left.Operands[0], MovedBack(op, context, b, Axes(left), a.Type.Shape)]), Axes(left));
        if (b.OnlyMadeBy(NnShape.Transpose) is not { } right || !Axes(left).SequenceEqual(Axes(right))) return null;
        return Transposed(op, context, context.Insert(op, op.Spec, [left.Operands[0], right.Operands[0]]), Axes(left));
    }

    /// <summary>The constant c' with transpose(c'; axes) = c, where c broadcasts to the shape.</summary>
    private static Value MovedBack(Operation anchor, PassContext context, Value constant, int[] axes, Shape shape)
    {
        var own = constant.Type.Shape;
        if (own.Count == 1) return constant;
        var aligned = Shape.Of([.. Enumerable.Repeat(1, shape.Rank - own.Rank), .. own]);
        var moved = Shape.Of(Enumerable.Range(0, axes.Length).Select(axis => aligned[Array.IndexOf(axes, axis)]));
        int[] strides = aligned.Strides(), walk = [.. Enumerable.Range(0, axes.Length).Select(axis => strides[Array.IndexOf(axes, axis)])];
        float[] elements = constant.Floats()!;
        return context.Instead(
            anchor, constant, moved, Walk.Gather(moved, Array.ConvertAll(elements, e => (double)e), index => Walk.Offset(index, walk)));
    }

    public static int[] Axes(Operation transpose) => [.. transpose.Ints("axes").Select(a => transpose.Result.Type.Shape.Axis(a))];

    /// <summary>Whether the axes longer than 1 stay in order: row-major elements stay where they are.</summary>
    private static bool KeepsOrder(Operation transpose)
    {
        int[] moved = [.. Axes(transpose).Where(axis => transpose.Operands[0].Type.Shape[axis] > 1)];
        return moved.SequenceEqual(moved.Order());
    }

    public static Value Transposed(Operation anchor, PassContext context, Value value, int[] axes) =>
        context.Insert(anchor, NnShape.Transpose, [value], Attributes.Of(("axes", axes)));
}
