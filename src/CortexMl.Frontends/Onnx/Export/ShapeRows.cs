using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>Rows that move elements or change how they are addressed.</summary>
internal static class ShapeRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnShape.Flatten] = row => row.Emit("Flatten", row.Operands, Attribute("axis", 1)),
        [NnShape.Reshape] = row => row.Emit("Reshape", [row.Operand(0), row.Dims(row.ResultShape)]),
        [NnShape.Transpose] = row =>
            row.Emit("Transpose", row.Operands, Attribute("perm", [.. row.Op.Ints("axes").Select(a => (long)row.Op.Shape(0).Axis(a))])),
        [NnShape.Concat] = row => row.Emit("Concat", row.Operands, Attribute("axis", row.Op.Int("axis"))),
        [NnShape.Slice] = row => NotOfScalars(row, Slice),
        [NnShape.Pad] = row => NotOfScalars(row, Pad),
        [NnShape.ExpandDims] = row => row.Emit("Unsqueeze", [row.Operand(0), row.Ints(row.Op.Ints("axes").AsSpan())]),
        // Without axes ONNX Runtime removes all that are 1; here none is meant.
        [NnShape.Squeeze] = row =>
        {
            if (row.Op.Ints("axes").IsEmpty) row.Emit("Identity", row.Operands);
            else row.Emit("Squeeze", [row.Operand(0), row.Ints(row.Op.Ints("axes").AsSpan())]);
        },
        [NnShape.UpSample] = UpSample,
        [NnShape.Tile] = row => row.Emit("Tile", [row.Operand(0), row.Ints(row.Op.Ints("repeats").AsSpan())]),
        [NnShape.Repeat] = Repeat,
        [NnShape.BroadcastTo] = row => row.Emit("Expand", [row.Operand(0), row.Dims(row.ResultShape)]),
        [NnShape.DepthToSpace] = row => row.Emit(
            "DepthToSpace", row.Operands, Attribute("blocksize", row.Op.Int("block")), Attribute("mode", row.Op.Text("mode"))),
        [NnShape.SpaceToDepth] = SpaceToDepth,
    };

    /// <summary>Our end -1 means "before the first element"; in ONNX that is the last one, so the smallest integer stands for it.</summary>
    private static void Slice(OnnxRow row)
    {
        long[] end = [.. row.Op.Ints("end").Select(e => e < 0 ? long.MinValue : e)];
        long[] axes = [.. Enumerable.Range(0, end.Length).Select(a => (long)a)];
        row.Emit("Slice",
            [row.Operand(0), row.Ints(row.Op.Ints("begin").AsSpan()), row.Ints(end), row.Ints(axes),
            row.Ints(row.Op.Ints("strides").AsSpan())]);
    }

    /// <summary>ONNX Runtime neither pads nor slices a scalar, which stays what it is.</summary>
    private static void NotOfScalars(OnnxRow row, Action<OnnxRow> emit)
    {
        if (row.Op.Shape(0).Rank == 0) row.Emit("Identity", row.Operands);
        else emit(row);
    }

    private static void Pad(OnnxRow row) =>
        row.Emit("Pad", [row.Operand(0), row.Ints([.. row.Op.Ints("before"), .. row.Op.Ints("after")]), row.Float(row.Op.Float("value"))]);

    private static void UpSample(OnnxRow row)
    {
        const string NoRegion = "";
        var (h, w) = row.Op.Pair("scale");
        row.Emit("Resize", [row.Operand(0), NoRegion, row.Floats(1, 1, h, w)],
            Attribute("coordinate_transformation_mode", "asymmetric"), Attribute("mode", "nearest"), Attribute("nearest_mode", "floor"));
    }

    /// <summary>Gather of the indices 0, 0, 1, 1, …</summary>
    private static void Repeat(OnnxRow row)
    {
        var data = row.Op.Shape(0);
        int axis = data.Axis(row.Op.Int("axis"));
        long repeats = row.Op.Int("repeats");
        long[] indices = [.. Enumerable.Range(0, row.ResultShape[axis]).Select(i => i / repeats)];
        row.Emit("Gather", [row.Operand(0), row.Ints(indices)], Attribute("axis", axis));
    }

    /// <summary>ONNX only has the order (b, b, C); for (C, b, b) the six axes are permuted by hand.</summary>
    private static void SpaceToDepth(OnnxRow row)
    {
        long block = row.Op.Int("block");
        if (row.Op.Text("mode") == "DCR")
        {
            row.Emit("SpaceToDepth", row.Operands, Attribute("blocksize", block));
            return;
        }
        var data = row.Op.Shape(0);
        string split = row.Step("Reshape", [row.Operand(0), row.Ints(data[0], data[1], data[2] / block, block, data[3] / block, block)]);
        string moved = row.Step("Transpose", [split], Attribute("perm", 0, 1, 3, 5, 2, 4));
        row.Emit("Reshape", [moved, row.Dims(row.ResultShape)]);
    }
}
