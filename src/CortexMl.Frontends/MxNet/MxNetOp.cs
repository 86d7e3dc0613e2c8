using CortexMl.Ir;

namespace CortexMl.Frontends.MxNet;

/// <param name="Default">In MXNet's spelling; null where the attribute is required, <c>None</c> where it may be absent.</param>
/// <param name="Doc">Restriction or meaning, where the name does not say it.</param>
public sealed record MxNetAttribute(string Name, string? Default = null, string Doc = "");

/// <summary>One MXNet operator: what it is called, what it takes, and how it becomes rows of the float level.</summary>
public sealed class MxNetOp(params string[] names)
{
    /// <summary>All names under which symbol files know it, the usual one first.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>The rows it becomes, and restrictions.</summary>
    public required string Doc { get; init; }

    /// <summary>Why no model with it can be compiled, and what to do; null for operators that are imported.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Inputs that are activations; the last one repeats where <see cref="IsVariadic"/>.</summary>
    public IReadOnlyList<string> Data { get; init; } = ["data"];

    public bool IsVariadic { get; init; }

    /// <summary>Inputs behind the data that are trained; old files leave them out, then they are called <c>node_parameter</c>.</summary>
    public IReadOnlyList<string> Parameters { get; init; } = [];

    /// <summary>Inputs behind those that only training needs; they are dropped.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>Attributes that matter at inference; all others are ignored.</summary>
    public IReadOnlyList<MxNetAttribute> Attributes { get; init; } = [];

    /// <summary>The parameter that a node with these attributes does without, or null.</summary>
    internal Func<NodeAttributes, string?> Without { get; init; } = _ => null;

    /// <summary>One value for each output of the node.</summary>
    internal Func<NodeImport, Value[]> Import { get; init; } = _ => throw new InvalidOperationException("the row has no importer");

    public static MxNetOp Refused(string name, string reason) => new(name) { Doc = "not supported: " + reason, Refusal = reason };

    public override string ToString() => Names[0];
}
