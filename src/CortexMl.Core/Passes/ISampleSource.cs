using CortexMl.Tensors;

namespace CortexMl.Passes;

/// <summary>Real inputs for calibration and evaluation, preprocessed, streamed one by one and re-readable from the start.</summary>
public interface ISampleSource
{
    /// <summary>
    /// What the data is, free of paths of this machine: <c>mnist images (10000 x [1, 28, 28] u8), first 256, scale 1/255</c>.
    /// </summary>
    string Description { get; }

    /// <summary>What was done to the stored numbers, as a JSON object; {} for nothing.</summary>
    string Preparation => "{}";

    /// <summary>What the samples that were read last looked like: a JSON list, an entry for each input; [] where nobody looked.</summary>
    string Observed => "[]";

    /// <summary>
    /// What each sample, in their order, takes over from the network's results for the one before; of the first it is in the sample.
    /// Empty where samples have nothing to do with each other.
    /// </summary>
    IReadOnlyList<StatePair> States => [];

    /// <summary>How many samples <see cref="Read()"/> yields.</summary>
    int Count { get; }

    /// <summary>Index of the first of them in the data that they are a shard of; 0 of all data.</summary>
    int First => 0;

    IEnumerable<Sample> Read();

    /// <summary>The samples of these indices, from 0, which ascend.</summary>
    IEnumerable<Sample> Read(IReadOnlyList<int> indices)
    {
        var wanted = indices.ToHashSet();
        return Read().Take(indices.Count == 0 ? 0 : indices[^1] + 1).Where((_, index) => wanted.Contains(index));
    }

    /// <summary>The sample of this index, from 0, alone.</summary>
    Sample ReadOne(int index) => Read().ElementAt(index);
}

/// <summary>One input of the network, batch dimension 1.</summary>
/// <param name="Inputs">One tensor per graph input.</param>
/// <param name="Label">Class index, where the data has one.</param>
/// <param name="Name">File name or index, for messages.</param>
public sealed record Sample(IReadOnlyList<Tensor<float>> Inputs, int? Label, string Name);
