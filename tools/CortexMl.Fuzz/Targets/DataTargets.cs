using CortexMl.Auditing;
using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Images;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Tensors;

namespace CortexMl.Fuzz;

/// <summary>Arrays, images, data sets, labels, and the JSON files beside a model.</summary>
internal static class DataTargets
{
    private static readonly Shape s_sample = Shape.Of(1, 3, 32, 32);

    public static IEnumerable<Target> All()
    {
        string data = SeedFiles.Folder("tools", "CortexMl.Fuzz", "Seeds", "data");
        yield return new("npy", false, SeedFiles.Of(data, ".npy"), attempt => NpyReader.Read(attempt.Bytes, attempt.Seed.Name));
        yield return new("npz", false, SeedFiles.Of(data, ".npz"), Archive);
        yield return new("idx", false, SeedFiles.Of(data, ".idx"), attempt => Idx.Read(attempt.Bytes, attempt.Seed.Name));
        yield return new("image", false, SeedFiles.Of(data, ".png", ".jpg", ".ppm", ".pgm"), attempt => ImageFile.Read(attempt.File()));
        yield return new("samples", false, SeedFiles.Of(data, ".npy", ".npz", ".idx", ".gz", ".cifar", ".png", ".ppm"), Samples);
        yield return new("labels", true, SeedFiles.Of(data, "labels.txt", "labels.npy", "labels.idx", "labels.gz"),
            attempt => LabelFile.Read(attempt.File()));
        string json = SeedFiles.Folder("tools", "CortexMl.Fuzz", "Seeds", "json");
        yield return new("calibration", true, SeedFiles.Of(json, "calibration.json"), attempt =>
            CalibrationHead.Of(new CalibrationReader(attempt.Seed.Name).Read(attempt.Text)));
        yield return new("scheme", true, SeedFiles.Of(json, "scheme.json"), Scheme);
        yield return new("model-io", true, SeedFiles.Of(json, "io.json"), attempt => ModelIo.Read(attempt.File()));
        var transcript = Transcript.Read(Path.Combine(json, "transcript.json"));
        yield return new("transcript", true, SeedFiles.Of(json, "transcript.json"), WrittenAgain);
        yield return new("opened-values", false, SeedFiles.Of(json, "opened.npz"), attempt => Open(attempt, transcript));
        yield return new("pipeline", true, SeedFiles.Of(json, "pipeline.txt"), attempt => Pipeline.Parse(attempt.Text));
    }

    /// <summary>What was read is written so that it reads back as the same.</summary>
    private static void Scheme(Attempt attempt)
    {
        var file = new SchemeReader(attempt.Seed.Name).Read(attempt.Text);
        CalibrationHead.Of(file.Calibration);
        string written = file.Write();
        if (new SchemeReader(attempt.Seed.Name).Read(written).Write() != written)
            throw new InvalidOperationException("writing what was written gives another text");
    }

    /// <inheritdoc cref="Scheme"/>
    private static void WrittenAgain(Attempt attempt)
    {
        string written = Transcript.Parse(attempt.Text, attempt.Seed.Name).ToJson();
        if (Transcript.Parse(written, attempt.Seed.Name).ToJson() != written)
            throw new InvalidOperationException("writing what was written gives another text");
    }

    /// <summary>What opens is what the transcript holds.</summary>
    private static void Open(Attempt attempt, Transcript transcript)
    {
        using var values = new OpenedValues(attempt.File());
        for (int place = 0; place < transcript.Layers.Count; place++)
        {
            var leaf = AuditHash.OfLeaf(place, [.. values.Open(place, transcript).Select(AuditHash.OfTensor)]);
            if (!leaf.AsSpan().SequenceEqual(transcript.Tree[place])) throw new InvalidOperationException("other values open");
        }
    }

    private static void Archive(Attempt attempt)
    {
        using var archive = new NpzReader(attempt.Bytes, attempt.Seed.Name);
        foreach (string key in archive.Keys) archive.Read(key);
    }

    private static void Samples(Attempt attempt)
    {
        var source = SampleSource.Open(new DataOptions(attempt.File()) { Limit = 4 }, [("data", s_sample)]);
        foreach (var sample in source.Read()) GC.KeepAlive(sample);
    }
}
