using CortexMl.Frontends.Onnx.Export;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Peers;

/// <summary>Rows that select or move elements: they work on 8 bits and on floats alike and keep scale and zero point.</summary>
internal static class PeerMoves
{
    public static IReadOnlyDictionary<OpSpec, Action<PeerWriter, Operation>> All { get; } =
        new Dictionary<OpSpec, Action<PeerWriter, Operation>>(
            OpTable.With(Level.Cvm, OpTraits.Reshapes)
                .Select(row => KeyValuePair.Create<OpSpec, Action<PeerWriter, Operation>>(row, Reshape)))
        {
            [CvmPool.MaxPool2D] = MaxPool,
            [CvmPool.UpSampling] = UpSample,
            [CvmShape.Transpose] = Transpose,
            [CvmShape.StridedSlice] = Slice,
            [CvmShape.SliceLike] = SliceLike,
            [CvmShape.Concatenate] = Concatenate,
        };

    private static void MaxPool(PeerWriter writer, Operation operation)
    {
        var window = SlidingWindow.Of(operation);
        Move(writer, operation, "MaxPool", [],
            WindowAttributes(new SlidingWindow(Covering(window.Rows, 2), Covering(window.Columns, 3))));

        // What ceil_mode adds is trailing padding here: runtimes disagree about the attribute.
        WindowAxis Covering(WindowAxis axis, int dim) => axis with
        {
            After = axis.After + axis.Beyond(operation.Operands[0].Type.Shape[dim], operation.Result.Type.Shape[dim]),
        };
    }

    private static void UpSample(PeerWriter writer, Operation operation)
    {
        const string NoRegion = "";
        float scale = operation.Int("scale");
        Move(writer, operation, "Resize", [NoRegion, writer.Constant<float>(operation.Result, Shape.Of(4), 1, 1, scale, scale)],
            [Attribute("coordinate_transformation_mode", "asymmetric"), Attribute("mode", "nearest"), Attribute("nearest_mode", "floor")]);
    }

    private static void Reshape(PeerWriter writer, Operation operation) =>
        Move(writer, operation, "Reshape", [Ints(writer, operation, operation.Result.Type.Shape.Select(d => (long)d))]);

    private static void Transpose(PeerWriter writer, Operation operation)
    {
        var shape = operation.Result.Type.Shape;
        var axes = operation.Ints("axes");
        Move(writer, operation, "Transpose", [],
            [Attribute("perm",
            axes.IsEmpty
            ? [.. Enumerable.Range(0, shape.Rank).Select(i => (long)(shape.Rank - 1 - i))]
            : [.. axes.Select(a => (long)shape.Axis(a))])]);
    }

    /// <summary>An end before the first element is the smallest integer in ONNX, where -1 means the last one.</summary>
    private static void Slice(PeerWriter writer, Operation operation)
    {
        var slices = CvmSlice.Of(operation);
        long[] ends = [.. slices.Select(s => s.Begin + (s.Length * s.Stride)).Select(end => end < 0 ? long.MinValue : end)];
        Move(writer, operation, "Slice",
        [
            Ints(writer, operation, slices.Select(s => s.Begin)), Ints(writer, operation, ends),
            Ints(writer, operation, slices.Select((_, axis) => (long)axis)), Ints(writer, operation, slices.Select(s => s.Stride)),
        ]);
    }

    private static void SliceLike(PeerWriter writer, Operation operation)
    {
        var shape = operation.Result.Type.Shape;
        Move(writer, operation, "Slice",
            [Ints(writer, operation, shape.Select(_ => 0L)), Ints(writer, operation, shape.Select(d => (long)d))]);
    }

    private static void Concatenate(PeerWriter writer, Operation operation)
    {
        var result = operation.Result;
        var axis = Attribute("axis", (long)result.Type.Shape.Axis(operation.Int("axis")));
        if (writer.Kind == PeerKind.Float)
        {
            writer.Define(
                result, new PeerTensor(writer.Node(result, "Concat", [.. operation.Operands.Select(writer.Plain)], [axis]), 1, null));
            return;
        }
        var joined = writer.FreshInt8(result);
        var parts = operation.Operands.Select(writer.Int8).ToList();
        writer.Node(joined.Name, "QLinearConcat",
            [.. writer.Quantization(result, joined), .. parts.SelectMany(p => (string[])[p.Name, .. writer.Quantization(result, p)])],
            [axis], OnnxProto.Microsoft);
        writer.Define(result, joined);
    }

    private static void Move(PeerWriter writer, Operation operation, string type, IReadOnlyList<string> more,
        IReadOnlyList<Schema.AttributeProto>? attributes = null)
    {
        var data = writer[operation.Operands[0]];
        writer.Define(operation.Result, data with { Name = writer.Node(operation.Result, type, [data.Name, .. more], attributes) });
    }

    private static string Ints(PeerWriter writer, Operation operation, IEnumerable<long> values)
    {
        long[] all = [.. values];
        return writer.Constant<long>(operation.Result, Shape.Of(all.Length), all);
    }
}
