using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Cvm;

/// <summary>The two files of a model.</summary>
public sealed record CvmFiles(byte[] Symbol, byte[] Params)
{
    /// <summary>As files of a folder, under the names that the chain wants.</summary>
    public IReadOnlyList<OutputFile> ToOutput() => [OutputFile.Bytes("symbol", Symbol), OutputFile.Bytes("params", Params)];
}

/// <summary>How a model is written.</summary>
public sealed record CvmEmitOptions
{
    /// <summary><see cref="CvmVersions.V100"/> or <see cref="CvmVersions.V110"/>; the files differ in nothing else.</summary>
    public string Version { get; init; } = CvmVersions.V100;
}
