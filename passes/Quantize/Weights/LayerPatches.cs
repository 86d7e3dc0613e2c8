using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Weights;

/// <summary>
/// What the windows of a layer see, padding as zeros, at some of its positions: those of one sample lie evenly apart, and elsewhere than
/// those of the sample before. A quarter of the samples is held out, to judge what the others chose.
/// </summary>
internal sealed class LayerPatches
{
    /// <summary>One sample in so many is held out.</summary>
    public const int HeldOut = 4;

    /// <summary>How much further each sample begins: places that a whole map is no multiple of.</summary>
    private const int Step = 7919;

    private readonly SlidingWindow? _window;
    private readonly Shape _data, _result;
    private readonly int _perSample, _taps;
    private readonly double[] _patches;
    private int _samples;
    private readonly long _positions;

    /// <summary>Patches for each of their terms, and at least.</summary>
    private const int PatchesEach = 4, FewestPatches = 1024;

    /// <summary>Of one output: of more, two terms at a time are too many.</summary>
    private const int MostTerms = 1152;

    /// <summary>Sums that are kept, and multiplications that they take.</summary>
    private const double MostNumbers = 1 << 23, MostWork = 4e9;

    private LayerPatches(Operation layer, int samples)
    {
        (_data, _result) = (layer["data"].Type.Shape, layer.Result.Type.Shape);
        (_window, Groups, Row) = Of(layer);
        _taps = (int)(_window?.TapCount ?? 1);
        _positions = PositionsOf(layer);
        _perSample = (int)Math.Min(_positions, (Wanted(Row) + samples - 1) / samples);
        _patches = new double[PatchMoments.Together * Groups * Row];
        Moments = new LayerMoments(new(Groups, Row), new(Groups, Row));
    }

    public int Groups { get; }

    /// <summary>Terms of one output.</summary>
    public int Row { get; }

    /// <summary>Of three quarters of the samples, and of the others.</summary>
    public LayerMoments Moments { get; }

    /// <summary>The layers that memory and time allow: what takes most is left out first.</summary>
    /// <param name="fewest">Layers that see fewer patches in all samples are left out.</param>
    public static Dictionary<Operation, LayerPatches> Of(IEnumerable<Operation> layers, int samples, int fewest)
    {
        var patches = new Dictionary<Operation, LayerPatches>();
        double numbers = 0, work = 0;
        foreach (var layer in layers.Where(l => Terms(l) is > 1 and <= MostTerms && samples * PositionsOf(l) >= fewest).OrderBy(Terms))
        {
            var (_, groups, row) = Of(layer);
            double own = 2.0 * groups * PatchMoments.Numbers(row);
            long positions = Math.Min(samples * PositionsOf(layer), Wanted(row));
            numbers += own;
            work += own / 2 * positions;
            if (numbers > MostNumbers || work > MostWork) break;
            patches.Add(layer, new LayerPatches(layer, samples));
        }
        return patches;
    }

    /// <param name="data">Of one sample.</param>
    public void Add(ReadOnlySpan<float> data)
    {
        var moments = _samples % HeldOut == HeldOut - 1 ? Moments.Held : Moments.Seen;
        long positions = _positions, first = (long)_samples * Step;
        int count = 0;
        for (int t = 0; t < _perSample; t++)
        {
            Fill(data, (int)((t * positions / _perSample + first) % positions), _patches.AsSpan(count * Groups * Row, Groups * Row));
            if (++count < PatchMoments.Together) continue;
            moments.Add(_patches, count);
            count = 0;
        }
        moments.Add(_patches, count);
        _samples++;
    }

    /// <summary>Patches that tell moments of so many terms.</summary>
    private static int Wanted(int row) => Math.Max(FewestPatches, PatchesEach * row);

    private static long PositionsOf(Operation layer) =>
        layer["data"].Type.Shape[0] * (layer.Spec != NnConv.Conv2D ? 1 : (long)layer.Result.Type.Shape[2] * layer.Result.Type.Shape[3]);

    /// <summary>0 where the layer reads no rows.</summary>
    private static int Terms(Operation layer) =>
        layer.Spec == NnConv.Conv2D || layer["data"].Type.Shape.Rank == 2 ? Of(layer).Row : 0;

    /// <summary>The window is that of the integers, where zero taps stand in for padding on one side.</summary>
    private static (SlidingWindow? Window, int Groups, int Row) Of(Operation layer)
    {
        var shape = layer["weight"].Type.Shape;
        if (layer.Spec != NnConv.Conv2D) return (null, 1, shape[1]);
        var window = SymmetricConvolution.WindowOf(SlidingWindow.Of(layer));
        return (window, (int)layer.Int("groups"), (int)(shape[1] * window.TapCount));
    }

    private void Fill(ReadOnlySpan<float> data, int position, Span<double> patch)
    {
        if (_window is null)
        {
            for (int i = 0; i < patch.Length; i++) patch[i] = data[position * patch.Length + i];
            return;
        }
        patch.Clear();
        int columns = _result[3], image = _result[2] * columns, plane = _data[2] * _data[3], channels = _data[1];
        var source = data[(position / image * channels * plane)..];
        foreach (var (tap, pixel) in _window.Taps(_data, position % image / columns, position % columns))
            for (int c = 0; c < channels; c++) patch[c * _taps + tap] = source[c * plane + pixel];
    }
}
