using CortexMl.Data.Preprocess;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>Where samples come from and what happens to them.</summary>
/// <param name="Path">A file or a folder of images.</param>
public sealed record DataOptions(string Path)
{
    public Preprocessing Preprocessing { get; init; } = Preprocessing.None;

    /// <summary>File with class indices, for data that does not hold its own.</summary>
    public string? Labels { get; init; }

    /// <summary>Only the first so many samples.</summary>
    public int? Limit { get; init; }

    /// <summary>Shape of one sample of a raw binary file.</summary>
    public Shape? Shape { get; init; }

    /// <summary>Element type of a raw binary file.</summary>
    public DType DType { get; init; } = DType.U8;
}
