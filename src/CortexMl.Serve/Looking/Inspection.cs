using System.Text.Json.Nodes;
using Prepared = CortexMl.Data.Preprocess.Preprocessing;

namespace CortexMl.Serve.Looking;

/// <summary>An input or output.</summary>
internal sealed record PortView(string Name, IReadOnlyList<int> Shape);

/// <summary>How often an operator stands in the network.</summary>
internal sealed record OperatorView(string Name, int Count);

/// <summary>A preparation that doctor tried.</summary>
/// <param name="Preparation">As members of <see cref="Prepared"/>.</param>
/// <param name="Top1">Between 0 and 1.</param>
internal sealed record FindingView(string Name, string Options, JsonNode Preparation, string? Labels, double Top1, bool IsBest);

/// <summary>What there is to say about a job's files before anything is started.</summary>
internal sealed record Inspection(string Model, IReadOnlyList<string> Models)
{
    public IReadOnlyList<PortView> Inputs { get; init; } = [];

    public IReadOnlyList<PortView> Outputs { get; init; } = [];

    public IReadOnlyList<OperatorView> Operators { get; init; } = [];

    /// <summary>Trained numbers.</summary>
    public long Parameters { get; init; }

    /// <summary>Why it cannot be compiled; empty where nothing is known against it.</summary>
    public IReadOnlyList<Told> Refusals { get; init; } = [];

    public IReadOnlyList<Told> Notes { get; init; } = [];

    public string? Data { get; init; }

    public string? Test { get; init; }

    public string? Labels { get; init; }

    public JsonNode Preparation { get; init; } = new JsonObject();

    /// <summary>Where the preparation comes from.</summary>
    public string Why { get; init; } = "";

    public IReadOnlyList<FindingView> Findings { get; init; } = [];

    /// <summary>The picture that the only input is; null where it is none.</summary>
    public PictureShape? Picture { get; init; }
}
