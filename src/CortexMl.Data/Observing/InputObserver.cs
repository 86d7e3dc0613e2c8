using System.Security.Cryptography;
using CortexMl.Data.Preprocess;
using CortexMl.Data.Sources;
using CortexMl.Tensors;

namespace CortexMl.Data.Observing;

/// <summary>Gathers <see cref="InputFacts"/> while samples are read.</summary>
/// <param name="input">The network's input.</param>
/// <param name="preprocessing">What is done to its samples.</param>
/// <param name="calibrated">What calibration saw; null where that is not known.</param>
internal sealed class InputObserver((string Name, Shape Shape) input, Preprocessing preprocessing, InputFacts? calibrated)
{
    private readonly (float Low, float High) _usual = Usual(calibrated);
    private readonly bool _isRow = input.Shape.Count(d => d != 1) <= 1;
    private RawSample? _first;
    private int _samples, _constant, _transparent;
    private bool _identical = true;
    private long _elements, _outside;
    private float _min = float.PositiveInfinity, _max = float.NegativeInfinity;
    private float _low = float.PositiveInfinity, _high = float.NegativeInfinity, _leastSpan = float.PositiveInfinity;

    /// <param name="prepared">The same sample as the network gets it.</param>
    public void Add(RawSample raw, Tensor<float> prepared)
    {
        _first ??= raw;
        _identical = _identical && raw.Tensor.Bytes.SequenceEqual(_first.Tensor.Bytes);
        _samples++;
        _elements += prepared.Length;
        if (raw.IsTransparent) _transparent++;
        if (prepared.Length == 0) return;
        var (min, max) = Range(raw.Tensor);
        (_min, _max) = (Math.Min(_min, min), Math.Max(_max, max));
        var (low, high) = Range(prepared.Data);
        (_low, _high) = (Math.Min(_low, low), Math.Max(_high, high));
        if (low < high) _leastSpan = Math.Min(_leastSpan, high - low);
        else if (prepared.Length >= InputFacts.Many) _constant++;
        if (low >= _usual.Low && high <= _usual.High) return;
        foreach (float value in prepared.Data)
            if (value < _usual.Low || value > _usual.High) _outside++;
    }

    /// <summary>Null before the first sample.</summary>
    public InputFacts? Facts => _first is null || _min > _max ? null : new(
        Input: input.Name, Type: DTypeNames.Of(_first.Tensor.DType), Shape: [.. _first.Tensor.Shape], Samples: _samples, Min: _min,
        Max: _max, PreparedMin: _low, PreparedMax: _high,
        LeastSpan: float.IsFinite(_leastSpan) ? _leastSpan : 0, Constant: _constant, Identical: _identical && _samples > 1)
    {
        Planes = _isRow ? PlanesOf(_first.Tensor.Shape) : null, Elements = _elements, Outside = _outside, Transparent = _transparent,
        First = Convert.ToHexStringLower(SHA256.HashData(_first.Tensor.Bytes)), IsUniform = _identical,
    };

    /// <summary>The range of calibration and a quarter more on either side.</summary>
    private static (float, float) Usual(InputFacts? seen)
    {
        if (seen is null) return (float.NegativeInfinity, float.PositiveInfinity);
        float margin = seen.PreparedSpan > 0 ? seen.PreparedSpan / 4 : Math.Max(1, Math.Abs(seen.PreparedMax));
        return (seen.PreparedMin - margin, seen.PreparedMax + margin);
    }

    private int[]? PlanesOf(Shape shape)
    {
        while (shape.Rank > 3 && shape[0] == 1) shape = shape.Remove(0);
        if (shape.Rank != 3) return null;
        return preprocessing.Layout == DataLayout.Nhwc ? [shape[2], shape[0], shape[1]] : [.. shape];
    }

    private static (float Min, float Max) Range(Tensor tensor)
    {
        if (tensor is not Tensor<byte> bytes) return Range(tensor.ToFloat().Data);
        byte min = byte.MaxValue, max = byte.MinValue;
        foreach (byte value in bytes.Data) (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return (min, max);
    }

    private static (float Min, float Max) Range(float[] values)
    {
        float min = values[0], max = values[0];
        foreach (float value in values) (min, max) = (Math.Min(min, value), Math.Max(max, value));
        return (min, max);
    }
}
