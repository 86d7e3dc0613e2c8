using System.Globalization;
using CortexMl.Tensors;

namespace CortexMl.Data.Sources;

/// <summary>One sample as the data holds it, before any preprocessing.</summary>
/// <param name="Tensor">Without batch dimension: [H, W], [C, H, W], [K] …</param>
/// <param name="Label">Class index, where the data has one.</param>
/// <param name="Name">File name or index, for messages.</param>
public sealed record RawSample(Tensor Tensor, int? Label, string Name)
{
    /// <summary>Whether it is an image with pixels that are not opaque.</summary>
    public bool IsTransparent { get; init; }
}

/// <summary>Stored samples, streamed and re-readable.</summary>
public interface IRawSource
{
    /// <summary>Free of folders: <c>t10k-images-idx3-ubyte.gz (10000 x [28, 28] u8)</c>.</summary>
    string Description { get; }

    int Count { get; }

    /// <summary>Whether every sample is [C, H, W] by what the data are, whatever is said about the layout of arrays.</summary>
    bool HasPlanes => false;

    /// <summary>The class of every sample, found without reading them; empty where the data hold none.</summary>
    IEnumerable<int?> Labels => [];

    /// <summary>Name and length in bytes of every file, in the order of the samples; nothing of them is read for it.</summary>
    IEnumerable<(string Name, long Length)> Listing => [];

    IEnumerable<RawSample> Read();

    /// <summary>Samples that follow each other; nothing of others is decoded.</summary>
    IEnumerable<RawSample> Read(int first, int count) => Read().Skip(first).Take(count);

    /// <summary>The samples of these indices, which ascend.</summary>
    IEnumerable<RawSample> Read(IReadOnlyList<int> indices)
    {
        var wanted = new HashSet<int>(indices);
        return Read().Where((_, index) => wanted.Contains(index));
    }
}

/// <summary>Samples along the first axis of one tensor.</summary>
/// <param name="array">[N, …].</param>
public sealed class TensorSource(Tensor array, string name) : IRawSource
{
    private readonly Shape _sample = array.Shape.Remove(0);

    public int Count => array.Shape[0];

    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{name} ({Count} x {_sample} {DTypeNames.Of(array.DType)})");

    public IEnumerable<(string Name, long Length)> Listing => [(name, array.Bytes.Length)];

    public IEnumerable<RawSample> Read() => Read(0, Count);

    public IEnumerable<RawSample> Read(int first, int count) => Read([.. Enumerable.Range(first, count)]);

    public IEnumerable<RawSample> Read(IReadOnlyList<int> indices) =>
        indices.Select(i => new RawSample(At(i), null, string.Create(CultureInfo.InvariantCulture, $"sample {i} of {name}")));

    private Tensor At(int index)
    {
        int size = (int)_sample.Count * array.DType.Size();
        return TensorBytes.Read(array.DType, _sample, array.Bytes.Slice(index * size, size));
    }
}
