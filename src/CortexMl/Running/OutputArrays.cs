using CortexMl.Analysis;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>The outputs of all samples as arrays [N, …]: f32 of a float model, int32 of an integer one.</summary>
public static class OutputArrays
{
    /// <param name="asArchive">A .npz with every output under its name; else the .npy of the first one.</param>
    public static void Write(Stream stream, Model model, IReadOnlyList<SampleResult> results, bool asArchive)
    {
        var names = Names.Of(model.Graph);
        if (asArchive) NpzWriter.Write(stream, model.Graph.Outputs.Select((output, i) => (model.Io?.Outputs[i].Name ?? names[output], Stack(results, i))));
        else NpyWriter.Write(stream, Stack(results, 0));
    }

    /// <summary>Along a new first axis, or along the batch axis where it is 1.</summary>
    private static Tensor Stack(IReadOnlyList<SampleResult> results, int output)
    {
        var first = results[0].Outputs[output].Shape;
        var shape = first.Rank > 0 && first[0] == 1 ? first.With(0, results.Count) : first.Insert(0, results.Count);
        var tensors = results.Select(r => r.Outputs[output]).ToList();
        return tensors[0] is Tensor<int>
            ? Tensor.Create(shape, tensors.SelectMany(t => ((Tensor<int>)t).Data).ToArray())
            : Tensor.Create(shape, tensors.SelectMany(t => ((Tensor<float>)t).Data).ToArray());
    }
}
