using CortexMl.Data;
using CortexMl.Data.Images;
using CortexMl.Diagnostics;
using CortexMl.Loading;
using CortexMl.Serve.Jobs;
using CortexMl.Tensors;

namespace CortexMl.Serve.Looking;

/// <summary>One sample as it is stored, and as the network will see it.</summary>
/// <param name="Stored">PNG in base64; null for what is no picture.</param>
/// <param name="Seen">The same, from its least number, black, to its greatest, white.</param>
/// <param name="Numbers">The first of those that the network gets.</param>
internal sealed record Preview(
    string Name, string? Label, string? Stored, string? Seen, float Least, float Greatest, IReadOnlyList<float> Numbers);

/// <summary>Some samples under a preparation.</summary>
internal static class Previews
{
    private const int Shown = 6, Looked = 60, Side = 84, Numbers = 8;

    /// <exception cref="DiagnosticException">The preparation does not fit data or network; CML1101 no data.</exception>
    public static IReadOnlyList<Preview> Of(Job job, JobWish wish)
    {
        string data = JobWish.PathIn(job, string.IsNullOrEmpty(wish.Data) ? wish.Test : wish.Data)
            ?? throw new DiagnosticException(ServeCodes.Request, "there are no data to look at", hint: "upload some, or name them");
        var model = ModelLoader.Load(ModelChoice.Of(job, wish.Model), Inspector.Reading(data));
        bool areLabelled = string.IsNullOrEmpty(wish.Data) || wish.Data == wish.Test;
        var source = SampleSource.Open(new(data)
        {
            Preprocessing = wish.Preprocessing(), Labels = areLabelled ? JobWish.PathIn(job, wish.Labels) : null, Limit = Looked,
        }, model.Inputs);
        int step = Math.Max(1, source.Count / Shown);
        int[] indices = [.. Enumerable.Range(0, source.Count).Where(i => i % step == 0).Take(Shown)];
        var stored = source.Stored(indices)?.Select(raw => Png(raw.Tensor)).ToList();
        var picture = model.Inputs is [var only] ? PictureShape.Of(only.Shape) : null;
        return [.. source.Read().Index().Where(s => indices.Contains(s.Index)).Select((s, place) =>
        {
            var values = s.Item.Inputs[0];
            string? label = s.Item.Label is { } of ? source.Naming?.Invoke(of) ?? Inspector.Text($"{of}") : null;
            return new Preview(Name: s.Item.Name, Label: label, Stored: stored?[place],
                Seen: picture is null ? null : Png(picture.Planes(values)),
                Least: values.Data.Min(), Greatest: values.Data.Max(), Numbers: [.. values.Data.Take(Numbers)]);
        })];
    }

    private static string? Png(Tensor sample) =>
        Thumbnail.Of(sample, Side) is { } planes ? Convert.ToBase64String(ImageFile.Encode(planes)) : null;
}
