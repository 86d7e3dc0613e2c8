using CortexMl.Cvm;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl;

/// <summary>A network that was read: from MXNet or ONNX files, a text, or a folder of CVM files.</summary>
public sealed record Model(string Name, Graph Graph)
{
    /// <summary>What symbol and params say beyond the graph; null for models of other kinds.</summary>
    public CvmModel? Cvm { get; init; }

    /// <summary>What the compiler wrote beside symbol and params; null where there is nothing.</summary>
    public ModelIo? Io { get; init; }

    /// <summary>Bytes that its constants and the values of a run may take.</summary>
    public long MaxMemory { get; init; } = ModelOptions.DefaultMaxMemory;

    public bool IsInteger => Graph.Level == Level.Cvm;

    /// <summary>
    /// Names and shapes of the inputs, as data sources want them; of those that a compiled model packs into its single one, theirs.
    /// </summary>
    public IReadOnlyList<(string Name, Tensors.Shape Shape)> Inputs => IsPacked
        ? [.. Io!.Inputs.Select(i => (i.Name, Tensors.Shape.Of(i.Shape)))]
        : [.. Graph.Inputs.Select(i => (i.Name!, i.Type.Shape))];

    /// <summary>
    /// What comes behind the graph, in float: of each of its inputs the graph has an output of that name. Null where the graph is all.
    /// </summary>
    public Model? Tail { get; init; }

    /// <summary>What running it returns, by the network's names and in its shapes: outputs of the tail where there is one.</summary>
    public IReadOnlyList<ModelPort> Outputs => Tail?.Outputs ?? OwnOutputs;

    /// <summary>The outputs of the graph itself.</summary>
    public IReadOnlyList<ModelPort> OwnOutputs => Io?.Outputs ?? ModelPort.OutputsOf(Graph);

    /// <summary>Whether the graph's one input holds several, one behind the other; see the pass pack-inputs.</summary>
    public bool IsPacked => Io is { Inputs.Count: > 1 } && Graph.Inputs.Count == 1;

    /// <summary>Whether some of its operations run in float; see <see cref="Restoring.RestoreReport"/>.</summary>
    internal bool IsMixture { get; init; }

    /// <summary><c>float</c> or <c>integer</c>, as reports say; <c>mixture</c> of a compiled one with islands in float.</summary>
    public string LevelName => IsMixture ? "mixture" : IsInteger ? "integer" : "float";
}

/// <summary>What a user can say about a model beside its path.</summary>
public sealed record ModelOptions
{
    /// <summary>Parameter file of an MXNet symbol; null finds it beside the symbol.</summary>
    public string? Params { get; init; }

    /// <summary>Make parameters up from this seed where no file supplies them.</summary>
    public long? RandomParamsSeed { get; init; }

    /// <summary>Input shapes by name.</summary>
    public IReadOnlyDictionary<string, Tensors.Shape> InputShapes { get; init; } = new Dictionary<string, Tensors.Shape>();

    /// <summary>
    /// Shape of an input by its name, taken from data; asked only where one input alone has a shape that nothing else says; null where
    /// data do not tell.
    /// </summary>
    public Func<string, Tensors.Shape?>? ShapeOfData { get; init; }

    /// <summary>Numbers, or files with the tensors, that inputs are fixed to, by name; for ONNX models.</summary>
    public IReadOnlyDictionary<string, string> Bindings { get; init; } = new Dictionary<string, string>();

    /// <summary>Reads a compiled folder although files were changed after they were written together.</summary>
    public bool AcceptsEdited { get; init; }

    /// <summary>Refuses float networks unread (CML0924): reading one may need words that a reader of integers does not have.</summary>
    public bool NeedsIntegers { get; init; }

    public const long DefaultMaxMemory = 8L << 30;

    /// <summary>Bytes that declared constants may take, and constants and values together when the model runs.</summary>
    public long MaxMemory { get; init; } = DefaultMaxMemory;
}
