namespace CortexMl.Engines.Cpu.Sweeps;

/// <summary>
/// What happens to the sums [count, 16] of a block after its source has computed them. The work is in leaf methods: no call while vectors
/// live.
/// </summary>
internal abstract unsafe class Sweep
{
    /// <param name="block">Which 16 channels of the result.</param>
    /// <param name="first">The first of the pixels.</param>
    public abstract void Run(int block, int first, int count, int* sums);
}

/// <summary>A choice that is made when code is compiled, not in the loop.</summary>
internal interface ISwitch
{
    static abstract bool IsOn { get; }
}

internal readonly struct On : ISwitch
{
    public static bool IsOn => true;
}

internal readonly struct Off : ISwitch
{
    public static bool IsOn => false;
}
