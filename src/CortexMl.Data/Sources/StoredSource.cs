using System.Globalization;
using CortexMl.Tensors;

namespace CortexMl.Data.Sources;

/// <summary>Samples along the first axis of an array in a file, each read when it is asked for.</summary>
/// <param name="array">[N, …].</param>
internal sealed class StoredSource(StoredBytes bytes, StoredArray array, string name) : IRawSource
{
    private readonly Shape _sample = array.Shape.Remove(0);

    public int Count => array.Shape[0];

    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{name} ({Count} x {_sample} {DTypeNames.Of(array.Type)})");

    public IEnumerable<(string Name, long Length)> Listing => [(name, bytes.Length)];

    public IEnumerable<RawSample> Read() => Read(0, Count);

    public IEnumerable<RawSample> Read(int first, int count) => At(Enumerable.Range(first, count));

    public IEnumerable<RawSample> Read(IReadOnlyList<int> indices) => At(indices);

    private IEnumerable<RawSample> At(IEnumerable<int> indices)
    {
        int size = checked((int)_sample.Count * array.Type.Size());
        using var open = bytes.Open();
        foreach (int index in indices)
        {
            var tensor = TensorBytes.Read(array.Type, _sample, open.Read(array.Offset + (long)index * size, size), array.BigEndian);
            yield return new(tensor, null, string.Create(CultureInfo.InvariantCulture, $"sample {index} of {name}"));
        }
    }
}
