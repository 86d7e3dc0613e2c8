using System.Globalization;
using System.Text;
using CortexMl.Data;
using CortexMl.Data.Images;
using CortexMl.Data.Sources;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Evaluating;

/// <summary>
/// The samples of which models name different classes, as files: a table of what each said, the samples as they are stored, so that they
/// can be run again in the same way, and pictures of them where they are pictures.
/// </summary>
public static class Differences
{
    public const string TableName = "differences.csv", SamplesName = "samples.npy", LabelsName = "labels.txt";

    /// <param name="levels">Of the models, two or more, as the table names them.</param>
    /// <param name="differing">The samples, in their order, with what each model names.</param>
    /// <param name="naming">Names of classes; null where none are known.</param>
    /// <returns>The table alone where no two models differ, or where the network has several inputs.</returns>
    public static IReadOnlyList<OutputFile> Of(
        IReadOnlyList<string> levels, IReadOnlyList<NamedClasses> differing, SampleSource samples, Func<int, string?>? naming = null)
    {
        List<OutputFile> files = [OutputFile.Text(TableName, Table(levels, differing, naming))];
        if (differing.Count == 0 || samples.Stored([.. differing.Select(d => d.Index)]) is not { } stored) return files;
        RawSample[] raw = [.. stored];
        if (Stacked(raw) is { } all) files.Add(new(SamplesName, stream => NpyWriter.Write(stream, all)));
        if (differing.All(d => d.Label is not null))
            files.Add(OutputFile.Text(LabelsName, string.Concat(differing.Select(d => Text($"{d.Label}\n")))));
        foreach (var (place, sample) in raw.Index())
            if (Picture(sample.Tensor) is { } picture) files.Add(OutputFile.Bytes(Text($"{differing[place].Index:D6}.png"), picture));
        return files;
    }

    private static string Table(IReadOnlyList<string> levels, IReadOnlyList<NamedClasses> differing, Func<int, string?>? naming)
    {
        var text = new StringBuilder("index,sample,label").AppendJoin("", levels.Select(level => $",{Quoted(level)}"));
        if (naming is not null) text.AppendJoin("", levels.Select(level => $",{Quoted(level)} name"));
        text.Append('\n');
        foreach (var (index, name, label, classes) in differing)
        {
            text.Append(Text($"{index},{Quoted(name)},{label}")).AppendJoin("", classes.Select(c => Text($",{c}")));
            if (naming is not null) text.AppendJoin("", classes.Select(c => "," + Quoted(naming(c) ?? "")));
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
