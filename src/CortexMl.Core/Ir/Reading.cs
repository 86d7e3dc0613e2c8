using CortexMl.Numerics;

namespace CortexMl.Ir;

/// <summary>
/// How the consumers of a float value are to read it, where that is decided and not left to them: beside a threshold
/// (<c>within 5.375 times 2 as i7 per_tensor</c>). What is null is left to them; a consumer takes of it what it can hold.
/// </summary>
/// <param name="Headroom">How many times the threshold it reaches where bits are to spare, as far as operators let it.</param>
/// <param name="Precision">With how many bits.</param>
/// <param name="IsPerChannel">Whether its channels have scales of their own, or all of them one.</param>
public sealed record Reading(double? Headroom = null, int? Precision = null, bool? IsPerChannel = null)
{
    /// <summary>What the text form calls one scale for all channels, and a scale for each.</summary>
    public const string PerTensor = "per_tensor", PerChannel = "per_channel";

    /// <summary>An output may have 30 bits; twice a threshold of one bit would be none.</summary>
    public const int LeastPrecision = 2, MostPrecision = 30;

    /// <summary>The threshold itself, and as far as anything has use for.</summary>
    public const double LeastHeadroom = 1, MostHeadroom = 1024;

    public override string ToString()
    {
        string?[] words =
        [
            Headroom is { } times ? $"times {Numbers.Format(times)}" : null,
            Precision is not null || IsPerChannel is not null ? "as" : null,
            Precision is { } bits ? $"i{Numbers.Format(bits)}" : null,
            IsPerChannel is { } own ? own ? PerChannel : PerTensor : null,
        ];
        return string.Join(' ', words.OfType<string>());
    }
}
