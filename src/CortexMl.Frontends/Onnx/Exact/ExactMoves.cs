using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>Rows that move elements and compute nothing.</summary>
internal static class ExactMoves
{
    public static IReadOnlyDictionary<OpSpec, ExactForm> All { get; } = new Dictionary<OpSpec, ExactForm>(
        OpTable.With(Level.Cvm, OpTraits.Reshapes).Select(row => KeyValuePair.Create(row, new ExactForm("Reshape", Reshape))))
    {
        [CvmShape.Transpose] = new("Transpose", row =>
            row.Emit("Transpose", row.Operands, Attribute("perm", [.. CvmShapeRules.Permutation(row.Op).Select(axis => (long)axis)]))),
        [CvmShape.Concatenate] = new("Concat", row =>
            row.Emit("Concat", row.Operands, Attribute("axis", (long)row.ResultShape.Axis(row.Op.Int("axis"))))),
        [CvmShape.StridedSlice] = new("Slice", Slice),
        [CvmShape.SliceLike] = new("Slice", row => row.Emit("Slice",
            [row.Operand(0), row.Ints([.. row.ResultShape.Select(_ => 0L)]), row.Dims(row.ResultShape)])),
        [CvmShape.Repeat] = new("Reshape, Expand", row =>
        {
            int[] times = [.. row.ShapeOf(0).Select(_ => 1)];
            times[row.ShapeOf(0).Axis(row.Op.Int("axis"))] = (int)row.Op.Int("repeats");
            Repeat(row, row.ShapeOf(0), times);
        }),
        [CvmShape.Tile] = new("Tile", Tile),
    };

    private static void Reshape(ExactRow row) => row.Emit("Reshape", [row.Operand(0), row.Dims(row.ResultShape)]);

    /// <summary>An end before the first element is the smallest integer in ONNX, where -1 means the last one.</summary>
    private static void Slice(ExactRow row)
    {
        var slices = CvmSlice.Of(row.Op);
        long[] ends = [.. slices.Select(s => s.Begin + (s.Length * s.Stride)).Select(end => end < 0 ? long.MinValue : end)];
        row.Emit("Slice",
        [
            row.Operand(0), row.Ints([.. slices.Select(s => s.Begin)]), row.Ints(ends),
            row.Ints([.. slices.Select((_, axis) => (long)axis)]), row.Ints([.. slices.Select(s => s.Stride)]),
        ]);
    }

    /// <summary>As many axes as the longer of shape and repetitions has, ones in front of the other.</summary>
    private static void Tile(ExactRow row)
    {
        int rank = row.ResultShape.Rank;
        var data = Shape.Of([.. Enumerable.Repeat(1, rank - row.ShapeOf(0).Rank), .. row.ShapeOf(0)]);
        var reps = row.Op.Ints("reps");
        row.Chain(0).Reshape(row.ShapeOf(0), data)
            .Then("Tile", [row.Ints([.. Enumerable.Repeat(1L, rank - reps.Length), .. reps])]).Emit();
    }

    //  x[a, b] ⇒ x[a, 1, b, 1] ⇒ x[a, times, b, times] ⇒ x[a · times, b · times]; an axis that is not repeated stays one
    /// <summary>Every element along an axis so many times in a row.</summary>
    public static void Repeat(ExactRow row, Shape shape, int[] times)
    {
        var split = Shape.Of(shape.Zip(times).SelectMany(axis => axis.Second == 1 ? (int[])[axis.First] : [axis.First, 1]));
        var spread = Shape.Of(shape.Zip(times).SelectMany(axis => axis.Second == 1 ? (int[])[axis.First] : [axis.First, axis.Second]));
        var chain = row.Chain(0).Reshape(shape, split);
        if (spread != split) chain.Then("Expand", [row.Dims(spread)]);
        chain.Reshape(spread, row.ResultShape).Emit();
    }
}
