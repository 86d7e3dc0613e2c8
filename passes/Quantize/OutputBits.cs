using CortexMl.Ir;

namespace CortexMl.Passes.Quantize;

/// <summary>
/// How many bits an output has where nobody said (passes/Quantize/README.md §3): 16, and more where a step would be coarse for whoever
/// reads the number behind the network, or where parts that it joins are far apart. They cost nothing: whatever has more than 8 is a word.
/// </summary>
internal static class OutputBits
{
    public const int Most = 24;

    public static int Of(Value output, QuantizeSettings settings)
    {
        if (output.Type.Reading?.Precision is { } decided) return decided;
        int bits = settings.OutputPrecision;
        while (settings.OutputStep > 0 && bits < Most && !IsEnough(output, bits, settings.OutputStep)) bits++;
        return bits;
    }

    //  Scores in front of a sigmoid, pixels and degrees are told apart by ones.
    private static bool IsEnough(Value output, int bits, double step) =>
        Headroom.Output(output, bits) <= step * Precisions.Bound(bits)
            && (output.Type.Reading?.Headroom is not null || Headroom.Times(output, bits) >= Headroom.OfOutputs);
}
