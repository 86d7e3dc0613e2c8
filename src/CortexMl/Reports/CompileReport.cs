using System.Text.Json.Serialization;
using CortexMl.Evaluating;
using CortexMl.Restoring;

namespace CortexMl.Reports;

/// <summary>One pass that ran.</summary>
public sealed record PassStep(string Pass, long Rewrites)
{
    /// <summary>What the pass does, in a line; null in files of before it was told.</summary>
    public string? Summary { get; init; }

    /// <summary>Operations of the graph behind it, constants apart; null in files of before they were counted.</summary>
    public int? Operations { get; init; }
}

/// <summary>The facts about a compilation, free of times and paths: report.json.</summary>
/// <param name="Layers">Operations with weights in the emitted graph: convolutions and dense layers.</param>
/// <param name="Operations">All operations of the emitted graph, constants apart.</param>
/// <param name="Parameters">Elements of its constants.</param>
/// <param name="Bytes">Size of symbol and params together.</param>
/// <param name="Gas">Cost of one inference on the chain.</param>
/// <param name="Storage">Bytes that the runtime reserves to run it.</param>
/// <param name="Calibration">What it was calibrated on.</param>
/// <param name="Preparation">What was done to the data, as the command line spells it.</param>
/// <param name="Accuracy">Float and integer figures on the test data; null where none was given.</param>
/// <param name="Noise">Per-node noise, the noisiest first; empty where no data was at hand.</param>
public sealed record CompileReport(
    string Model, string Pipeline, int Layers, int Operations, long Parameters, long Bytes, long Gas, long Storage,
    IReadOnlyList<ModelPort> Inputs, IReadOnlyList<ModelPort> Outputs,
    string Calibration, string Preparation, IReadOnlyList<PassStep> Passes,
    Evaluation? Accuracy, IReadOnlyList<NodeNoise> Noise, IReadOnlyList<string> Diagnostics)
{
    /// <summary>The version of the form.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; } = 1;

    /// <summary>How bits were chosen by what a metric loses; null where they were not.</summary>
    public SearchReport? Search { get; init; }

    /// <summary>Operations that stayed in float, and what that changes; null for a model that can be uploaded.</summary>
    public RestoreReport? Restored { get; init; }

    /// <summary>Version of the compiler; null in files of before it was told.</summary>
    public string? Compiler { get; init; }

    /// <summary>Digest of the network that the calibration belongs to; null where none was made.</summary>
    public string? Network { get; init; }

    /// <summary>What report.html shows of single operations, values and samples; null where no page was wanted.</summary>
    public CompileDetails? Details { get; init; }

    public const string FileName = "report.json";
}
