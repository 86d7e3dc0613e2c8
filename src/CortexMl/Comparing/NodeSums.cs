using CortexMl.Numerics;

namespace CortexMl.Comparing;

/// <summary>
/// What is summed up of two values over samples. Where one side is real and the scale of the other's integers is not known, the scale that
/// fits best is taken for each channel (axis 1).
/// </summary>
internal sealed class NodeSums
{
    /// <summary>Stands for a ratio of noise without a signal, in dB.</summary>
    public const double Worst = -200;

    /// <summary>
    /// Of each channel: squares of the first, of the second, products. Where a scale is fitted, the first is the real one.
    /// </summary>
    private double[] _first = [], _second = [], _product = [];

    private double _noise, _max;
    private long _elements, _limits;

    /// <summary>Whether the scale of one side had to be fitted.</summary>
    public bool IsFitted { get; private set; }

    public void Add(Elements first, Elements second)
    {
        bool isFirstUnknown = IsUnknown(first);
        IsFitted = isFirstUnknown != IsUnknown(second);
        var shape = second.Shape;
        int channels = IsFitted && shape.Rank > 2 ? shape[1] : 1;
        int inner = channels == 1 ? 1 : Math.Max(1, second.Length / shape[0] / channels);
        if (_first.Length == 0) (_first, _second, _product) = (new double[channels], new double[channels], new double[channels]);
        int firstInner = first.Inner, secondInner = second.Inner;
        for (int i = 0; i < second.Length; i++)
        {
            double a = At(first, i, firstInner), b = At(second, i, secondInner), error = b - a;
            int channel = channels == 1 ? 0 : i / inner % channels;
            (double real, double other) = isFirstUnknown ? (b, a) : (a, b);
            _first[channel] += real * real;
            _second[channel] += other * other;
            _product[channel] += a * b;
            _noise += error * error;
            _max = double.IsNaN(error) ? double.NaN : Math.Max(_max, Math.Abs(error));
            if (second.Integers is { } integers && Math.Abs((long)integers[i]) >= second.Bound) _limits++;
        }
        _elements += second.Length;
    }

    /// <summary>Signal to noise in dB; null where there is no noise.</summary>
    public double? NoiseRatio
    {
        get
        {
            double signal = _first.Sum(), noise = IsFitted ? FittedNoise() : _noise;
            if (noise == 0) return null;
            double ratio = PortableMath.Decibels(signal / noise);
            return double.IsFinite(ratio) ? Math.Round(ratio, 2) : Worst;
        }
    }

    /// <summary>Between both as vectors, the fitted one at its scales; 1 is perfect, 0 for zeros in place of other numbers.</summary>
    public double Cosine
    {
        get
        {
            double first = _first.Sum(), second = _second.Sum();
            if (first == 0 || second == 0) return first == second ? 1 : 0;
            double cosine = IsFitted ? Math.Sqrt(Enumerable.Range(0, _first.Length).Sum(Explained) / first)
                : _product.Sum() / (Math.Sqrt(first) * Math.Sqrt(second));
            return double.IsFinite(cosine) ? Math.Round(cosine, 6) : 0;
        }
    }

    /// <summary>Largest difference, in real units; null where a scale was fitted.</summary>
    public double? MaxError => IsFitted ? null : double.IsFinite(_max) ? Math.Round(_max, 6) : double.MaxValue;

    /// <summary>Share of the second's integers that stand at a limit of their precision.</summary>
    public double Saturated => _elements == 0 ? 0 : Math.Round((double)_limits / _elements, 6);

    private static bool IsUnknown(Elements elements) => elements is { IsInteger: true, Scale: null };

    private static double At(Elements elements, int index, int inner) =>
        elements.Floats is { } floats ? floats[index] : elements.Integers![index] / elements.ScaleAt(index, inner);

    // noise of the best factor f: Σ(a - f·b)² = Σa² - (Σab)²/Σb²; what rounding leaves of an exact fit is none
    private double FittedNoise()
    {
        double noise = 0;
        for (int c = 0; c < _first.Length; c++)
        {
            double left = _first[c] - Explained(c);
            if (!(left <= 1e-13 * _first[c])) noise += left;
        }
        return noise;
    }

    /// <summary>Σ(f·b)² of a channel. A scale is above zero: what has the other sign is not explained by any.</summary>
    private double Explained(int c) => _product[c] > 0 ? _product[c] * _product[c] / _second[c] : 0;
}
