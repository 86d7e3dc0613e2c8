using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Text;

/// <summary>What the parser works with besides the text.</summary>
public sealed record ParseOptions
{
    public static ParseOptions Default { get; } = new();

    /// <summary>Finds <c>file("…")</c> and <c>dense&lt;sha256:…&gt;</c>; null where a text may name neither.</summary>
    public ITensorResolver? Resolver { get; init; }

    /// <summary>Bytes that all constants of the text together may take; checked before they are allocated.</summary>
    public long MaxMemory { get; init; } = 8L << 30;

    /// <summary>Gets warnings, such as inputs that nothing reads; null where nobody wants them.</summary>
    public DiagnosticBag? Notes { get; init; }

    /// <summary>Whether each graph must be legal at its level. A dump of a broken graph is read without.</summary>
    public bool Verify { get; init; } = true;
}

/// <summary>
/// Finds the tensors that a text graph names: <c>file("x.params", "conv0.weight")</c> and <c>dense&lt;sha256:…&gt;</c>. <see
/// cref="TensorFiles"/> looks into files.
/// </summary>
public interface ITensorResolver
{
    /// <summary>The tensor, or null where file or key do not exist; a malformed file throws its diagnostics.</summary>
    /// <param name="path">As written in the text form, relative to the text's own folder.</param>
    Tensor? File(string path, string key);

    /// <summary>The tensor with this SHA-256 of its elements (lower-case hexadecimal), or null.</summary>
    Tensor? Digest(string sha256);
}
