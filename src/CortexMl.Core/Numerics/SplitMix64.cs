namespace CortexMl.Numerics;

/// <summary>
/// Pseudorandom numbers that are the same on every machine. Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
/// 2014.
/// </summary>
public struct SplitMix64(long seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>The upper 53 of the next bits as a number in [0, 1).</summary>
    public double NextUnit() => (Next() >> 11) * (1.0 / (1L << 53));
}
