using System.Globalization;
using System.Text;
using CortexMl.Data;
using CortexMl.Data.Images;
using CortexMl.Data.Sources;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating;

/// <summary>
/// The samples of which models name different classes, as files: a table of what each said, the samples as they are stored, so that they
/// can be run again in the same way, and pictures of them where they are pictures.
/// </summary>
public static class Differences
{
    public const string TableName = "differences.csv", SamplesName = "samples.npy", LabelsName = "labels.txt";

    /// <param name="runs">Of two or more models, on the same samples.</param>
    /// <param name="naming">Names of classes; null where none are known.</param>
    /// <returns>The table alone where no two models differ, or where the network has several inputs.</returns>
    public static IReadOnlyList<OutputFile> Of(IReadOnlyList<ModelRun> runs, SampleSource samples, Func<int, string?>? naming = null)
    {
        int[][] choices = [.. runs.Select(run => run.Results.Select(r => Ranking.Top1(LastSteps.Scores(run.Model, r))).ToArray())];
        int[] differing = [.. Enumerable.Range(0, choices.Min(c => c.Length)).Where(i => choices.Any(c => c[i] != choices[0][i]))];
        List<OutputFile> files = [OutputFile.Text(TableName, Table(runs, choices, differing, naming))];
        if (differing.Length == 0 || samples.Stored(differing) is not { } stored) return files;
        RawSample[] raw = [.. stored];
        if (Stacked(raw) is { } all) files.Add(new(SamplesName, stream => NpyWriter.Write(stream, all)));
        if (differing.All(i => runs[0].Results[i].Label is not null))
            files.Add(OutputFile.Text(LabelsName, string.Concat(differing.Select(i => Text($"{runs[0].Results[i].Label}\n")))));
        foreach (var (place, sample) in raw.Index())
            if (Picture(sample.Tensor) is { } picture) files.Add(OutputFile.Bytes(Text($"{differing[place]:D6}.png"), picture));
        return files;
    }

    private static string Table(
        IReadOnlyList<ModelRun> runs, IReadOnlyList<int[]> choices, IReadOnlyList<int> differing, Func<int, string?>? naming)
    {
        var text = new StringBuilder("index,sample,label").AppendJoin("", runs.Select(run => $",{Quoted(run.Model.LevelName)}"));
        if (naming is not null) text.AppendJoin("", runs.Select(run => $",{Quoted(run.Model.LevelName)} name"));
        text.Append('\n');
        foreach (int i in differing)
        {
            var result = runs[0].Results[i];
            text.Append(Text($"{i},{Quoted(result.Name)},{result.Label}")).AppendJoin("", choices.Select(c => Text($",{c[i]}")));
            if (naming is not null) text.AppendJoin("", choices.Select(c => "," + Quoted(naming(c[i]) ?? "")));
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>All of them along a first axis; null where they differ in type or shape.</summary>
    private static Tensor? Stacked(IReadOnlyList<RawSample> samples)
    {
        var first = samples[0].Tensor;
        if (samples.Any(s => s.Tensor.Shape != first.Shape || s.Tensor.DType != first.DType)) return null;
        byte[] bytes = [.. samples.SelectMany(s => s.Tensor.Bytes.ToArray())];
        return TensorBytes.Read(first.DType, first.Shape.Insert(0, samples.Count), bytes);
    }

    /// <summary>A PNG of pixels of 8 bits, [H, W], [1, H, W] or [3, H, W]; null for other samples.</summary>
    private static byte[]? Picture(Tensor sample)
    {
        var shape = sample.Shape;
        while (shape.Rank > 3 && shape[0] == 1) shape = shape.Remove(0);
        if (shape.Rank == 2) shape = shape.Insert(0, 1);
        return sample is Tensor<byte> && shape.Rank == 3 && shape[0] is 1 or 3 ? ImageFile.Encode((Tensor<byte>)sample.Reshape(shape))
            : null;
    }

    private static string Quoted(string text)
    {
        string shown = Printable.Escape(text);
        return shown.AsSpan().ContainsAny(',', '"') ? $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : shown;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
