using CortexMl.Tensors;

namespace CortexMl.Text;

/// <summary>
/// Finds the tensors that a text graph names: <c>file("x.params", "conv0.weight")</c> and <c>dense&lt;sha256:…&gt;</c>. <see
/// cref="TensorFiles"/> looks into files, <see cref="KnownTensors"/> into graphs in memory.
/// </summary>
public interface ITensorResolver
{
    /// <summary>The tensor, or null where file or key do not exist; a malformed file throws its diagnostics.</summary>
    /// <param name="path">As written in the text form, relative to the text's own folder.</param>
    Tensor? File(string path, string key);

    /// <summary>The tensor with this SHA-256 of its elements (lower-case hexadecimal), or null.</summary>
    Tensor? Digest(string sha256);
}
