using CortexMl.Frontends.Onnx.Import;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Known;

/// <summary>Arithmetic on known tensors: reals in double, integers in 64 bits, one rounding at the end.</summary>
internal static class Elementwise
{
    public static Entry[] Unary(OnnxNode n, Func<double, double> real, Func<long, long>? integer = null)
    {
        var tensor = n.Constant(0, "the data");
        n.Reserve(tensor.Shape.Select(d => (long)d), tensor.DType);
        if (tensor.DType.IsReal())
            return n.Out(Constants.FromDoubles(DType.F32, tensor.Shape, Array.ConvertAll(tensor.Doubles(), v => real(v))));
        if (integer is null) throw n.Mismatch($"it is not defined for {tensor.DType} elements");
        return n.Out(Constants.FromLongs(tensor.DType, tensor.Shape, Array.ConvertAll(tensor.Longs(), v => integer(v))));
    }

    /// <summary>All inputs, folded from the left.</summary>
    public static Entry[] Fold(OnnxNode n, Func<double, double, double> real, Func<long, long, long> integer)
    {
        var result = n.Constant(0, "input 0");
        for (int i = 1; i < n.InputCount; i++) result = Binary(n, result, n.Constant(i, $"input {i}"), real, integer);
        return n.Out(result);
    }

    /// <summary>A comparison or logical function; the result is bool.</summary>
    public static Entry[] Compare(OnnxNode n, Func<double, double, bool> holds)
    {
        Tensor a = n.Constant(0, "input 0"), b = n.Constant(1, "input 1");
        var (shape, x, y) = Aligned(n, a, b);
        double[] left = x.Doubles(), right = y.Doubles();
        return n.Out(Tensor.Create(shape, [.. left.Select((v, i) => holds(v, right[i]))]));
    }

    public static (Shape Shape, Tensor A, Tensor B) Aligned(OnnxNode n, Tensor a, Tensor b)
    {
        var shape = Shape.Broadcast(a.Shape, b.Shape) ?? throw n.Mismatch($"{a.Shape} and {b.Shape} do not broadcast");
        n.Reserve(shape.Select(d => (long)d), a.DType);
        return (shape, Moves.Broadcast(a, shape), Moves.Broadcast(b, shape));
    }

    private static Tensor Binary(OnnxNode n, Tensor a, Tensor b, Func<double, double, double> real, Func<long, long, long> integer)
    {
        var (shape, x, y) = Aligned(n, a, b);
        if (a.DType.IsReal() || b.DType.IsReal())
        {
            double[] left = x.Doubles(), right = y.Doubles();
            for (int i = 0; i < left.Length; i++) left[i] = real(left[i], right[i]);
            return Constants.FromDoubles(DType.F32, shape, left);
        }
        try
        {
            long[] left = [.. x.Longs()], right = y.Longs();
            for (int i = 0; i < left.Length; i++) left[i] = integer(left[i], right[i]);
            return Constants.FromLongs(a.DType, shape, left);
        }
        catch (ArithmeticException)
        {
            throw n.Mismatch("integers are divided by zero");
        }
    }
}
