using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Auditing;

/// <summary>Writes what a run can be audited by.</summary>
public static class TranscriptFiles
{
    /// <param name="inputs">One tensor per input of the graph.</param>
    /// <param name="path">Of the transcript.</param>
    /// <param name="values">Of a .npz file with all values and their proofs; null for none.</param>
    /// <inheritdoc cref="TranscriptRun.Record"/>
    public static Transcript Write(Model model, IReadOnlyList<Tensor<int>> inputs, string path, string? values)
    {
        var layers = new List<(int Place, IReadOnlyList<Tensor<int>> Results)>();
        var transcript = TranscriptRun.Record(model, inputs, values is null ? null : (place, results) => layers.Add((place, results)));
        AtomicFile.WriteText(path, transcript.ToJson());
        if (values is not null) AtomicFile.Write(values, stream => OpenedValues.Write(stream, transcript, layers));
        return transcript;
    }
}
