namespace CortexMl.Frontends.Onnx.Import;

/// <summary>
/// One ONNX operator: how it becomes rows of the float level, how it is computed on constants, or why it is not supported.
/// </summary>
public sealed class OnnxOp(string name, string doc)
{
    public string Name { get; } = name;

    /// <summary>The rows it becomes, and restrictions.</summary>
    public string Doc { get; } = doc;

    /// <summary>Why no model with it can be compiled, and what to do; null for operators that are imported.</summary>
    public string? Refusal { get; private init; }

    /// <summary>Where only tensors that are known at import are taken.</summary>
    public bool OnConstantsOnly => Import is null && Refusal is null;

    /// <summary>One entry for each output of the node; null where it only works on constants.</summary>
    internal Func<OnnxNode, Entry[]>? Import { get; init; }

    /// <summary>The same on inputs that are all known; null where operations are emitted even then, and folded later.</summary>
    internal Func<OnnxNode, Entry[]>? Fold { get; init; }

    public static OnnxOp Refused(string name, string reason) => new(name, "not supported: " + reason) { Refusal = reason };

    public override string ToString() => Name;
}
