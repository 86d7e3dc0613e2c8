using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Operators that make constants.</summary>
internal static class SourceOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("Constant", "a constant") { Fold = Constant },
        new("ConstantOfShape", "a constant; shape known at import") { Fold = Filled },
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
}
