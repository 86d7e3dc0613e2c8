using System.Text.Json;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Reports;
using CortexMl.Tensors;

namespace CortexMl;

/// <summary>One input or output of a compiled model. real ≈ integer / scale.</summary>
public sealed record ModelPort(string Name, IReadOnlyList<int> Shape, int Precision, double Scale)
{
    public static ModelPort Of(string name, TensorType type) => new(name, [.. type.Shape], type.Precision, type.Scale?.Value ?? 1);
}

/// <summary>What a CVM model's files cannot say: scales of inputs and outputs, and the preprocessing. Stored as model.io.json.</summary>
/// <param name="Inputs">Several where <c>data</c> holds them one behind the other, each flattened, in this order.</param>
/// <param name="Outputs">In the order of the model's heads; a head may be flattened to one row.</param>
public sealed record ModelIo(IReadOnlyList<ModelPort> Inputs, IReadOnlyList<ModelPort> Outputs, Preprocessing Preprocessing)
{
    public const string FileName = "model.io.json";

    public static ModelIo Of(Graph graph, Preprocessing preprocessing)
    {
        var names = Analysis.Names.Of(graph);
        return new(
            [.. graph.Inputs.Select(i => ModelPort.Of(names[i], i.Type))], [.. graph.Outputs.Select(o => ModelPort.Of(names[o], o.Type))], preprocessing);
    }

    /// <summary>What the data of calibration looked like, for those inputs of which it is known.</summary>
    public IReadOnlyList<InputFacts> CalibratedOn { get; init; } = [];

    public string ToJson() => JsonText.Write(new Stored(Inputs, Outputs, JsonDocument.Parse(Preprocessing.ToJson()).RootElement)
    {
        CalibratedOn = CalibratedOn.Count > 0 ? CalibratedOn : null,
    });

    /// <exception cref="DiagnosticException">CML0925, CML0807, and those of reading files.</exception>
    public static ModelIo Read(string path) => Parse(InputFile.ReadAllText(path), InputFile.DisplayName(path));

    /// <param name="name">What messages call the text.</param>
    /// <exception cref="DiagnosticException">CML0925, CML0807.</exception>
    public static ModelIo Parse(string text, string name)
    {
        var location = new SourceLocation(name);
        try
        {
            var stored = JsonText.Read<Stored>(text);
            var facts = stored?.CalibratedOn ?? [];
            bool isSound = facts.All(f => f is { IsSound: true });
            if (isSound && stored is { Inputs: not null, Outputs: not null } && stored.Inputs.Concat(stored.Outputs).All(IsSound))
                return new(stored.Inputs, stored.Outputs, stored.Preparation()) { CalibratedOn = facts };
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(LibraryCodes.ModelIo, $"the file cannot be read: {error.Message}", location);
        }
        const string Needed = "inputs and outputs need name, shape (dimensions above 0), precision (1 to 32) and scale (above 0)";
        throw new DiagnosticException(
            LibraryCodes.ModelIo, $"{Needed}; calibratedOn needs types and ranges", location, "compile the model again");
    }

    private static bool IsSound(ModelPort? port) =>
        port is { Name: not null, Shape: not null, Precision: >= 1 and <= 32, Scale: > 0 } && double.IsFinite(port.Scale) && IsWithinLimits(port.Shape);

    /// <summary>So that a file may say any shape and counting its elements cannot overflow.</summary>
    private static bool IsWithinLimits(IReadOnlyList<int> shape) =>
        shape.Count <= CvmRules.MaxRank && shape.All(dim => dim > 0) && shape.Aggregate((Int128)1, (count, dim) => count * dim) <= CvmRules.MaxElements;

    private sealed record Stored(IReadOnlyList<ModelPort> Inputs, IReadOnlyList<ModelPort> Outputs, JsonElement Preprocessing)
    {
        public IReadOnlyList<InputFacts>? CalibratedOn { get; init; }

        public Preprocessing Preparation() => Preprocessing.ValueKind == JsonValueKind.Object
            ? Data.Preprocess.Preprocessing.FromJson(Preprocessing.GetRawText()) : Data.Preprocess.Preprocessing.None;
    }
}
