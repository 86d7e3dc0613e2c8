using CortexMl.Data.Preprocess;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>Where samples come from and what happens to them.</summary>
/// <param name="Path">A file, a folder of images, or a pattern of image files: <c>photos/*.png</c>.</param>
public sealed record DataOptions(string Path)
{
    /// <summary>Further image files or patterns, behind <see cref="Path"/>, which is one then.</summary>
    public IReadOnlyList<string> More { get; init; } = [];

    /// <summary>What is done to the samples; where a model stores its own, only what replaces that, option by option.</summary>
    public Preprocessing Preprocessing { get; init; } = Preprocessing.None;

    /// <summary>Leave out what is stored with the model.</summary>
    public bool DropsStored { get; init; }

    /// <summary>File with class indices, for data that does not hold its own.</summary>
    public string? Labels { get; init; }

    /// <summary>Whether <see cref="Labels"/> holds classes; else somebody else reads it.</summary>
    public bool LabelsAreClasses { get; init; } = true;

    /// <summary>File with the names of the network's classes; null takes <c>classes.txt</c> beside the data, where there is one.</summary>
    public string? Classes { get; init; }

    /// <summary>Whether the samples' classes matter; those of calibration do not.</summary>
    public bool HasClasses { get; init; } = true;

    /// <summary>
    /// States that go from one sample to the next, which the data need not hold; none in the list where they are to be found. Null where
    /// samples have nothing to do with each other.
    /// </summary>
    public IReadOnlyList<StatePair>? States { get; init; }

    /// <summary>Only the first so many samples.</summary>
    public int? Limit { get; init; }

    /// <summary>Shape of one sample of a raw binary file.</summary>
    public Shape? Shape { get; init; }

    /// <summary>Element type of a raw binary file.</summary>
    public DType DType { get; init; } = DType.U8;
}
