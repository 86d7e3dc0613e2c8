using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Known;

/// <summary>Known tensors quantized and dequantized by ONNX's rules, per tensor or along an axis: what a file does to its weights is done
/// exactly.</summary>
internal static class QuantizedConstants
{
    /// <summary>round(x / scale) + zero point, half to even, saturated.</summary>
    public static Tensor Quantize(OnnxNode n, DType type)
    {
        var (min, max) = Quantization.Limits(type) ?? throw n.Refused($"it quantizes to {type}", "8- and 16-bit integers are supported");
        Tensor real = n.Constant(0, "the data"), scales = n.Constant(1, "the scale");
        Tensor? zeros = n.Has(2) ? n.Constant(2, "the zero point") : null;
        var channelOf = Channels(n, real.Shape, scales, zeros, n.Attributes.Int("axis", 1));
        var integers = new long[real.Length];
        for (int i = 0; i < integers.Length; i++)
        {
            float steps = MathF.Round((float)real.GetDouble(i) / (float)scales.GetDouble(channelOf(i)), MidpointRounding.ToEven);
            integers[i] = float.IsNaN(steps) ? 0 : (long)Math.Clamp(steps + (zeros?.GetDouble(channelOf(i)) ?? 0), min, max);
        }
        return Constants.FromLongs(type, n.Reserve(real.Shape.Select(d => (long)d), type), integers);
    }

    /// <summary>(q - zero point) · scale of a constant.</summary>
    public static Tensor<float> Real(OnnxNode n, int data, int scale, int zero, long axis)
    {
        Tensor integers = n.Constant(data, "the data"), scales = n.Constant(scale, "the scale");
        var shape = n.Reserve(integers.Shape.Select(d => (long)d), DType.F32);
        Tensor? zeros = n.Has(zero) ? n.Constant(zero, "the zero point") : null;
        var channelOf = Channels(n, shape, scales, zeros, axis);
        var real = new float[integers.Length];
        for (int i = 0; i < real.Length; i++)
            real[i] = (float)((integers.GetDouble(i) - (zeros?.GetDouble(channelOf(i)) ?? 0)) * scales.GetDouble(channelOf(i)));
        return Tensor.Create(shape, real);
    }

    /// <summary>Which scale belongs to the element at a row-major index.</summary>
    private static Func<int, int> Channels(OnnxNode n, Shape shape, Tensor scales, Tensor? zeros, long axis)
    {
        const string Allowed = "one scale for the tensor or for each index of an axis is supported";
        if (n.Attributes.Int("block_size", 0) != 0) throw n.Refused("scales are given per block", Allowed);
        if (zeros is not null && zeros.Length != scales.Length)
            throw n.Mismatch($"zero point {zeros.Shape} does not fit scale {scales.Shape}");
        if (scales.Shape.Rank > 1 && scales.Length > 1) throw n.Refused("scales are given per block", Allowed);
        int count = scales.Length;
        if (count == 1) return _ => 0;
        int at = n.Axis(axis, shape.Rank);
        if (shape[at] != count) throw n.Mismatch($"{Counted.Of(count, "scale")} for axis {at} of {shape}");
        int behind = (int)Shape.Of(shape.Skip(at + 1)).Count;
        return i => i / behind % count;
    }
}
