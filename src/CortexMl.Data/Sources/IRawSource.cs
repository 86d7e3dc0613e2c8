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

    IEnumerable<RawSample> Read();

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

    public IEnumerable<RawSample> Read()
    {
        for (int i = 0; i < Count; i++) yield return new(At(i), null, string.Create(CultureInfo.InvariantCulture, $"sample {i} of {name}"));
    }

    private Tensor At(int index)
    {
        int size = (int)_sample.Count * array.DType.Size();
        return TensorBytes.Read(array.DType, _sample, array.Bytes.Slice(index * size, size));
    }
}
