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
