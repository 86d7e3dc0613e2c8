using System.Globalization;
using CortexMl.Tensors;

namespace CortexMl.Data.Sources;

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
