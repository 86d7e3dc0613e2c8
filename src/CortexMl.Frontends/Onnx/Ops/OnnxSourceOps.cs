using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Operators that make constants.</summary>
internal static class OnnxSourceOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Constant", "a constant") { Fold = Constant },
        new("ConstantOfShape", "a constant; shape known at import") { Fold = Filled },
        new("EyeLike", "a constant of the input's shape") { Import = Eye },
        new("Trilu", "nn.mul by ones and zeros")
        {
            Import = n => n.OutLike(n.Emit(NnBinary.Mul, [n.Numbers(), n.Floats("mask", Triangle(n))])), Fold = KnownTriangle,
        },
        new("Range", "a constant; limits known at import") { Fold = Range },
    ];

    private static Entry[] Constant(OnnxNode n)
    {
        var a = n.Attributes;
        if (a.Tensor("value") is { } tensor) return n.Out(n.ReadTensor(tensor));
        if (a.Has("value_float")) return n.Out(Tensor.Scalar((float)a.Float("value_float", 0)));
        if (a.Has("value_int")) return n.Out(Tensor.Scalar(a.Int("value_int", 0)));
        if (a.Floats("value_floats") is { } floats) return n.Out(Tensor.Vector(floats));
        if (a.Ints("value_ints") is { } ints) return n.Out(Tensor.Vector(ints));
        throw n.Refused("its value is a text, sparse, or missing", "numbers in a dense tensor are read");
    }

    private static Entry[] Filled(OnnxNode n)
    {
        Tensor value = n.Attributes.Tensor("value") is { } proto ? n.ReadTensor(proto) : Tensor.Scalar(0f);
        if (value.Length != 1) throw n.Mismatch($"the value {value.Shape} is not one number");
        var shape = n.Reserve(n.Longs(0, "the shape"), value.DType);
        return n.Out(Moves.Broadcast(value.Reshape(Shape.Of(Enumerable.Repeat(1, shape.Rank))), shape));
    }

    private static Entry[] Range(OnnxNode n)
    {
        double start = n.Number(0, "the start"), limit = n.Number(1, "the limit"), delta = n.Number(2, "the step");
        double count = Math.Max(0, Math.Ceiling((limit - start) / delta));
        if (!(count <= Array.MaxLength)) throw n.Mismatch($"{start} to {limit} by {delta} has no end");
        var type = n.Input().Type;
        var shape = n.Reserve([(long)count], type);
        return n.Out(Constants.FromDoubles(type, shape, [.. Enumerable.Range(0, shape[0]).Select(i => start + i * delta)]));
    }

    private static Entry[] Eye(OnnxNode n)
    {
        if (n.Rank != 2) throw n.Mismatch($"{n.Shape()} is no matrix");
        var type = n.Attributes.Has("dtype")
            ? ElementTypes.Find((TensorProto.Types.DataType)n.Attributes.Int("dtype", 0))
                ?? throw n.Attributes.Unsupported("dtype", ElementTypes.Readable)
            : n.Input().Type;
        long k = n.Attributes.Int("k", 0);
        var shape = n.Reserve(n.Shape().Select(d => (long)d), type);
        return n.Out(
            Constants.FromDoubles(
            type, shape, [.. Enumerable.Range(0, (int)shape.Count).Select(i => i % shape[1] - (long)(i / shape[1]) == k ? 1.0 : 0)]));
    }

    /// <summary>1 on and below (or on and above) the k-th diagonal of the last two axes.</summary>
    private static Tensor<float> Triangle(OnnxNode n)
    {
        if (n.Rank < 2) throw n.Mismatch($"{n.Shape()} is no matrix");
        bool upper = n.Attributes.Bool("upper", true);
        long k = n.Has(1) ? (long)n.Number(1, "k") : 0;
        int columns = n.Shape()[^1];
        var shape = n.Reserve([n.Shape()[^2], columns], DType.F32);
        return Tensor.Create(shape,
            [.. Enumerable.Range(0, (int)shape.Count)
            .Select(i => i % columns - (long)(i / columns) is var d && (upper ? d >= k : d <= k) ? 1f : 0)]);
    }

    private static Entry[] KnownTriangle(OnnxNode n)
    {
        var data = n.Constant(0, "the data");
        float[] mask = Triangle(n).Data;
        n.Reserve(data.Shape.Select(d => (long)d), data.DType);
        return n.Out(data.DType.IsReal()
            ? Constants.FromDoubles(data.DType, data.Shape, [.. data.Doubles().Select((v, i) => mask[i % mask.Length] == 0 ? 0 : v)])
            : Constants.FromLongs(data.DType, data.Shape, [.. data.Longs().Select((v, i) => mask[i % mask.Length] == 0 ? 0 : v)]));
    }
}
