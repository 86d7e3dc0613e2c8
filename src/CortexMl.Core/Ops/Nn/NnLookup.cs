using CortexMl.Ir;
using CortexMl.Tensors;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows that choose elements by the numbers of another tensor.</summary>
public static class NnLookup
{
    /// <summary>Indices are whole numbers stored as f32; those outside 0..size-1 are clamped into it.</summary>
    public static readonly OpSpec Take = new("nn.take")
    {
        Doc = "Slices of data along the axis, one for each index",
        Operands = [NnRule.Data, new("indices", "any shape, whole numbers")],
        Attributes = [Int("axis", "axis that is indexed", 0)],
        Shapes = op =>
        {
            var data = op.Shape(0);
            int axis = NnRule.Axis(op, op.Int("axis"), data.Rank);
            return [NnRule.Make(op, [.. data.Take(axis), .. op.Shape(1), .. data.Skip(axis + 1)])];
        },
        Levels = Level.Float,
        Traits = OpTraits.Moves,
    };

    public static readonly OpSpec Where = new("nn.where")
    {
        Doc = "x where condition is not zero, else y; all three broadcast",
        Operands = [new("condition", "any shape"), new("x", "broadcasts"), new("y", "broadcasts")],
        Shapes = op =>
        {
            var values = Shape.Broadcast(op.Shape(1), op.Shape(2));
            var shape = values is null ? null : Shape.Broadcast(op.Shape(0), values);
            if (shape is null) throw op.Logic($"{op.Shape(0)}, {op.Shape(1)} and {op.Shape(2)} do not broadcast");
            return [NnRule.Make(op, [.. shape])];
        },
        Levels = Level.Float,
        Traits = OpTraits.Elementwise | OpTraits.Homogeneous,
    };
}
