using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Survey.Networks;

/// <summary>Samples for any network: stored ones as the library reads them, or ones that are made to fit its inputs.</summary>
/// <param name="Stored">Null where they are made.</param>
/// <param name="Made">Of names and shapes of the inputs; null where they are stored.</param>
public sealed record SampleSet(DataOptions? Stored, Func<IReadOnlyList<(string Name, Shape Shape)>, ISampleSource>? Made)
{
    public static SampleSet Of(DataOptions stored) => new(stored, null);

    public static SampleSet Of(Func<IReadOnlyList<(string Name, Shape Shape)>, ISampleSource> made) => new(null, made);

    /// <summary>The first samples, at most so many; null for all.</summary>
    public SampleSet First(int? limit) => limit is not { } most ? this
        : Stored is not null ? this with { Stored = Stored with { Limit = Math.Min(most, Stored.Limit ?? most) } }
        : this with { Made = inputs => new FirstSamples(Made!(inputs), most) };

    public ISampleSource Open(IReadOnlyList<(string Name, Shape Shape)> inputs) =>
        Stored is null ? Made!(inputs) : SampleSource.Open(Stored, inputs);

    /// <summary>Options of data on the disk: made ones are written, ready for the network, into <paramref name="folder"/>.</summary>
    public DataOptions OnDisk(IReadOnlyList<(string Name, Shape Shape)> inputs, string folder)
    {
        if (Stored is not null) return Stored;
        var samples = Made!(inputs).Read().ToList();
        var arrays = inputs.Select((input, k) => (input.Name, (Tensor)Stack(input.Shape, [.. samples.Select(s => s.Inputs[k])]))).ToList();
        string path = Path.Combine(folder, inputs.Count == 1 ? "data.npy" : "data.npz");
        if (inputs.Count == 1) NpyWriter.Write(path, arrays[0].Item2);
        else NpzWriter.Write(path, arrays);
        return new(path) { Preprocessing = Preprocessing.None };
    }

    /// <summary>[N, …]: a batch axis of 1 makes room for it.</summary>
    private static Tensor<float> Stack(Shape shape, IReadOnlyList<Tensor<float>> tensors) => Tensor.Create(
        shape.Rank > 1 && shape[0] == 1 ? shape.With(0, tensors.Count) : shape.Insert(0, tensors.Count),
        tensors.SelectMany(t => t.Data).ToArray());

    private sealed class FirstSamples(ISampleSource all, int most) : ISampleSource
    {
        public string Description => all.Description;

        public int Count => Math.Min(most, all.Count);

        public IEnumerable<Sample> Read() => all.Read().Take(Count);
    }
}
