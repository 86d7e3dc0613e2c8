namespace CortexMl.Survey.Networks;

/// <summary>How far the compiled network's own output is from the float one's.</summary>
/// <param name="Noise">Signal-to-noise ratio over all samples, in dB; null where there is no noise.</param>
public sealed record OutputNoise(string Name, double? Noise);

/// <summary>Classes over labelled samples. Shares are between 0 and 1.</summary>
/// <param name="Float">Top-1 of the float network.</param>
/// <param name="Integer">Top-1 of the compiled one.</param>
/// <param name="Worse">Samples that only the float network names rightly.</param>
/// <param name="Better">Samples that only the compiled one names rightly.</param>
/// <param name="P">How probable flips that uneven are by chance: <see cref="McNemar"/>.</param>
public sealed record ClassFigures(double Float, double Integer, int Worse, int Better, double P);

/// <summary>What became of one model file under one pipeline.</summary>
/// <param name="Set">The folder that it was found in, in a word.</param>
/// <param name="Variant">Of the pipeline: <c>default</c>, or a technique that was switched.</param>
public sealed record NetworkRow(string Set, string Network, string Variant)
{
    /// <summary>The variant of the default pipeline, or of the one that was given.</summary>
    public const string Default = "default";

    /// <summary>Kind of the samples.</summary>
    public string Data { get; init; } = "";

    /// <summary>Operations of the compiled graph, constants apart.</summary>
    public int Operators { get; init; }

    /// <summary>How many samples were compared.</summary>
    public int Samples { get; init; }

    /// <summary>Null where the samples have no labels.</summary>
    public ClassFigures? Classes { get; init; }

    /// <summary>Share of samples for which both name the same class; null where the first output is no vector.</summary>
    public double? Agreement { get; init; }

    /// <summary>The metric that fits the network, by its name of <c>cortexml eval --metric</c>.</summary>
    public string Metric { get; init; } = "";

    /// <summary>What it says of the compiled network; null where it has no value.</summary>
    public double? MetricValue { get; init; }

    public IReadOnlyList<OutputNoise> Outputs { get; init; } = [];

    public long Gas { get; init; }

    /// <summary>Size of the file params.</summary>
    public long ParamsBytes { get; init; }

    /// <summary>The noisiest values inside, with their ratios.</summary>
    public string Noisiest { get; init; } = "";

    /// <summary>To load and compile it.</summary>
    public double Seconds { get; init; }

    /// <summary>The most memory that the process had by then, in bytes.</summary>
    public long PeakBytes { get; init; }

    /// <summary>The first diagnostic that refused it; null where it was compiled.</summary>
    public string? Refused { get; init; }

    /// <summary>What went wrong beyond a refusal; null where nothing did.</summary>
    public string? Failed { get; init; }

    public bool IsMeasured => Refused is null && Failed is null;

    /// <summary>Whether both are of one network and one variant.</summary>
    public bool Is(NetworkRow other) => (Set, Network, Variant) == (other.Set, other.Network, other.Variant);

    /// <summary>Of the output that has the most noise; null where none has any.</summary>
    public double? Worst => Outputs.Min(o => o.Noise);
}
