namespace CortexMl.Engines.Float;

/// <summary>How ONNX Runtime runs a network.</summary>
/// <param name="Optimise">Whether it may rewrite the graph first, which changes the last bits of the results.</param>
/// <param name="Threads">Threads within one operator, at least 1.</param>
public sealed record FloatOptions(bool Optimise, int Threads)
{
    /// <summary>Every value as the graph defines it, and the same bits on every run of one machine.</summary>
    public static FloatOptions Calibration { get; } = new(Optimise: false, Threads: 1);

    /// <summary>Whether threads go on looking for work after a run, which helps the next one and disturbs everything else.</summary>
    public bool Spins { get; init; } = true;

    /// <summary>To be measured in turn with others.</summary>
    public static FloatOptions Peer(int threads) => new(Optimise: true, threads) { Spins = false };

    /// <summary>As fast as this machine can, for evaluation.</summary>
    public static FloatOptions Evaluation { get; } = new(Optimise: true, Environment.ProcessorCount);
}
