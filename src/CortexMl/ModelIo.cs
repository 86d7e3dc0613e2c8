using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Tensors;

namespace CortexMl;

/// <summary>One input or output of a compiled model. real ≈ integer / scale; an input may be centred first.</summary>
/// <param name="Name">As in the network's file; so is the shape.</param>
public sealed record ModelPort(string Name, IReadOnlyList<int> Shape, int Precision, double Scale)
{
    /// <summary>What an output holds where the network returns its <see cref="LastStep"/> of that: <c>logits</c>; else null.</summary>
    public string? Is => LastStep is null ? null : "logits";

    /// <summary>What is left to do to an output; null where it is what the network returns.</summary>
    public LastStep? LastStep { get; init; }

    /// <summary>What is done to a real input before its scale; null where nothing is.</summary>
    public Centering? Centering { get; init; }

    public static ModelPort Of(string name, TensorType type) =>
        new(name, [.. type.Shape], type.Element.IsInteger ? type.Precision : 0, type.Scale?.Value ?? 1);

    /// <summary>The outputs of a graph by the network's names.</summary>
    public static IReadOnlyList<ModelPort> OutputsOf(Graph graph) => [.. OutputSignature.Names(graph).Select((name, k) =>
        Of(name, graph.Outputs[k].Type) with { LastStep = OutputSignature.LastStepOf(graph, k) })];
}

/// <summary>What a CVM model's files cannot say: scales of inputs and outputs, and the preprocessing. Stored as model.io.json.</summary>
/// <param name="Inputs">Several where <c>data</c> holds them one behind the other, each flattened, in this order.</param>
/// <param name="Outputs">In the order of the model's heads; a head may be flattened to one row.</param>
public sealed record ModelIo(IReadOnlyList<ModelPort> Inputs, IReadOnlyList<ModelPort> Outputs, Preprocessing Preprocessing)
{
    public const string FileName = "model.io.json";

    public static ModelIo Of(Graph graph, Preprocessing preprocessing)
    {
        var names = Ir.Walks.Names.Of(graph);
        var inputs = graph.Inputs.Select((input, k) =>
            ModelPort.Of(names[input], input.Type) with { Centering = InputSignature.CenteringOf(graph, k) });
        return new([.. inputs], ModelPort.OutputsOf(graph), preprocessing)
        {
            Postprocess = (graph.Attributes["postprocess"] as AttributeValue.Text)?.Value,
        };
    }

    /// <summary>
    /// How the runtime returns the outputs, as in the symbol: <c>detection</c> joins them row by row; null where it says nothing.
    /// </summary>
    public string? Postprocess { get; init; }

    /// <summary>Outputs that are inputs of the next sample of a stream; empty where it was not compiled for streams.</summary>
    public IReadOnlyList<StatePair> States { get; init; } = [];

    /// <summary>What the data of calibration looked like, for those inputs of which it is known.</summary>
    public IReadOnlyList<InputFacts> CalibratedOn { get; init; } = [];

    /// <summary><see cref="CalibratedOn"/> under the names of a model's inputs: a compiled one calls its only one <c>data</c>.</summary>
    /// <param name="inputs">Of this network, in its order.</param>
    public IReadOnlyList<InputFacts> CalibratedOnBy(IReadOnlyList<(string Name, Shape Shape)> inputs) =>
    [
        .. from pair in Inputs.Zip(inputs)
           let facts = CalibratedOn.FirstOrDefault(c => c.Input == pair.First.Name)
           where facts is not null
           select facts with { Input = pair.Second.Name },
    ];

    public string ToJson() => JsonText.Write(new StoredIo(Inputs, Outputs, JsonDocument.Parse(Preprocessing.ToJson()).RootElement)
    {
        Format = StoredIo.Newest, CalibratedOn = CalibratedOn.Count > 0 ? CalibratedOn : null, Postprocess = Postprocess,
        States = States.Count > 0 ? States : null,
    });

    /// <summary>The JSON schema of model.io.json.</summary>
    public static JsonNode Schema() => JsonText.SchemaOf<StoredIo>();

    /// <exception cref="DiagnosticException">CML0925, CML0807, and those of reading files.</exception>
    public static ModelIo Read(string path) => Parse(InputFile.ReadAllText(path), InputFile.DisplayName(path));

    /// <param name="name">What messages call the text.</param>
    /// <exception cref="DiagnosticException">CML0925, CML0807.</exception>
    public static ModelIo Parse(string text, string name)
    {
        var location = new SourceLocation(name);
        try
        {
            var stored = JsonText.Read<StoredIo>(text);
            if (stored?.Format is { } format and not StoredIo.Newest)
                throw new DiagnosticException(LibraryCodes.ModelIo, $"format {format} is not read; 1 is", location,
                    "take the cortexml that wrote it, or compile the model again");
            var facts = stored?.CalibratedOn ?? [];
            bool isSound = facts.All(f => f is { IsSound: true })
                && (stored?.States ?? []).All(s => s is { Output: not null, Input: not null });
            if (isSound && stored is { Inputs: not null, Outputs: not null } && stored.Inputs.Concat(stored.Outputs).All(IsSound))
                return new(stored.Inputs, stored.Outputs, stored.Preparation())
                {
                    CalibratedOn = facts, Postprocess = stored.Postprocess, States = stored.States ?? [],
                };
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(LibraryCodes.ModelIo, $"the file cannot be read: {JsonProblem.Of(error)}", location);
        }
        const string Needed = "inputs and outputs need name, shape (dimensions above 0), precision (1 to 32) and scale (above 0)";
        const string Further = "a lastStep needs op, axis, and a shape of as many elements; a centering needs offsets and gains (above 0), "
            + "one or as many as its axis; calibratedOn needs types and ranges, states an output and an input each";
        throw new DiagnosticException(LibraryCodes.ModelIo, $"{Needed}; {Further}", location, "compile the model again");
    }

    private static bool IsSound(ModelPort? port) =>
        port is { Name: not null, Shape: not null, Precision: >= 1 and <= 32, Scale: > 0 }
        && double.IsFinite(port.Scale) && IsWithinLimits(port.Shape)
        && port.LastStep is null or { Op: not null, Shape: not null } && (port.LastStep?.Fits(port.Shape) ?? true)
        && port.Centering is null or { Offset: not null, Gain: not null } && (port.Centering?.Fits(port.Shape) ?? true);

    /// <summary>So that a file may say any shape and counting its elements cannot overflow.</summary>
    private static bool IsWithinLimits(IReadOnlyList<int> shape) =>
        shape.Count <= CvmRules.MaxRank && shape.All(dim => dim > 0)
            && shape.Aggregate((Int128)1, (count, dim) => count * dim) <= CvmRules.MaxElements;
}

/// <summary>The form of model.io.json.</summary>
internal sealed record StoredIo(IReadOnlyList<ModelPort> Inputs, IReadOnlyList<ModelPort> Outputs, JsonElement Preprocessing)
{
    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int Newest = 1;

    /// <summary>The version of the form; files of before it was counted have none, and are read.</summary>
    [JsonPropertyOrder(-1)]
    public int? Format { get; init; }

    public IReadOnlyList<InputFacts>? CalibratedOn { get; init; }

    /// <summary>How the runtime groups the outputs, where the network says so.</summary>
    public string? Postprocess { get; init; }

    public IReadOnlyList<StatePair>? States { get; init; }

    public Preprocessing Preparation() => Preprocessing.ValueKind == JsonValueKind.Object
        ? Data.Preprocess.Preprocessing.FromJson(Preprocessing.GetRawText()) : Data.Preprocess.Preprocessing.None;
}
