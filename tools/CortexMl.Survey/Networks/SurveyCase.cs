using System.Globalization;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Survey.Networks;

/// <summary>A network with what calibrates it and what it is measured on: never the same samples, where there are others.</summary>
/// <param name="Model">Path of its file.</param>
/// <param name="Data">What kind of samples, in a word.</param>
/// <param name="Prepared">A row of the table, or the one for unknown networks.</param>
public sealed record SurveyCase(string Model, string Data, SampleSet Calibration, SampleSet Test, Preparation Prepared)
{
    private const int MadeSamples = 16, MadeTests = 24, StoredSamples = 256;

    private const double CentreOfPhoto = 0.875;

    private static readonly string[] s_calibration = ["data.npy", "data.npz", "calibration.npy"],
        s_tests = ["test.npy", "test.npz", "test-images.npy"], s_labels = ["labels.npy", "test-labels.npy"];

    private static readonly Shape s_photo = Shape.Of(3, 224, 224);

    /// <summary>The samples that lie beside the model, else those that the table names, else random ones.</summary>
    /// <param name="data">The folder with the data sets (mnist, cifar10, imagenet-sample …); null where there is none.</param>
    /// <param name="samples">How many calibrate; null for as many as is usual with the kind.</param>
    public static SurveyCase Of(string path, string? data, int? samples)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var row = Preparation.Of(Path.GetFullPath(path));
        bool isField = File.Exists(Path.Combine(folder, s_calibration[0])) || File.Exists(Path.Combine(folder, s_calibration[1]));
        var found = isField ? null : row is null || data is null ? null : OfTable(row, data);
        var prepared = row ?? Preparation.Unknown;
        var (word, calibration, test) = found ?? Beside(folder, prepared.Preprocessing) ?? Noise(prepared, null);
        return new(path, word, samples is null ? calibration : calibration.First(samples), test, prepared);
    }

    private static (string, SampleSet, SampleSet)? OfTable(Preparation row, string data)
    {
        var prepared = row.Preprocessing;
        string jpeg = Path.Combine(data, "imagenet-sample", "jpeg"), digits = Path.Combine(data, "mnist", "train-images-idx3-ubyte.gz");
        var cifar = Stored("cifar10/train_2000.bin.gz", prepared) with { Limit = StoredSamples };
        return row.Kind switch
        {
            DataKind.Mnist when Exists("mnist") => Idx("mnist", "train-images"),
            DataKind.FashionMnist when Exists("fashion-mnist") => Idx("fashion-mnist", "train10k-images"),
            DataKind.Cifar10 when Exists("cifar10") =>
                ("cifar10", SampleSet.Of(cifar), SampleSet.Of(Stored("cifar10/test_2000.bin.gz", prepared))),
            DataKind.Cifar10Images when Exists("cifar10") => (row.Data,
                Pictures(() => CifarPictures("train").Take(MadeSamples)), Pictures(() => CifarPictures("test").Take(MadeTests))),
            DataKind.Images when Directory.Exists(jpeg) => (row.Data,
                Pictures(() => Photos(jpeg).Take(MadeSamples)), Pictures(() => Photos(jpeg).Skip(MadeSamples).Take(MadeTests))),
            DataKind.ImageNet when Directory.Exists(jpeg) => (row.Data,
                Pictures(() => PictureSamples.Of(Stored("imagenet-sample/imagenet80_224_u8.bin.gz", Preprocessing.None), s_photo)),
                Pictures(() => PictureSamples.Of(jpeg, ClassInName), share: CentreOfPhoto)),
            DataKind.NoiseAndMnist when File.Exists(digits) => Noise(row, new(digits) { Preprocessing = prepared }),
            DataKind.Noise or DataKind.Bytes => Noise(row, null),
            _ => null,
        };

        bool Exists(string set) => Directory.Exists(Path.Combine(data, set));

        DataOptions Stored(string file, Preprocessing preprocessing) => new(Path.Combine(data, file)) { Preprocessing = preprocessing };

        (string, SampleSet, SampleSet) Idx(string set, string train) => (set,
            SampleSet.Of(Stored($"{set}/{train}-idx3-ubyte.gz", prepared) with { Limit = StoredSamples }),
            SampleSet.Of(Stored($"{set}/t10k-images-idx3-ubyte.gz", prepared) with
            {
                Labels = Path.Combine(data, set, "t10k-labels-idx1-ubyte.gz"),
            }));

        IEnumerable<Picture> CifarPictures(string half) =>
            PictureSamples.Of(Stored($"cifar10/{half}_2000.bin.gz", Preprocessing.None), Shape.Of(3, 32, 32));

        SampleSet Pictures(Func<IEnumerable<Picture>> of, double? share = null) =>
            SampleSet.Of(inputs => new PictureSamples(inputs[0].Shape, inputs[0].Name, [.. of()], row, share));
    }

    private static IReadOnlyList<Picture> Photos(string folder) => PictureSamples.Of(folder, _ => null);

    private static int? ClassInName(string path) =>
        int.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out int label) ? label : null;

    private static (string, SampleSet, SampleSet) Noise(Preparation row, DataOptions? digits)
    {
        return (row.Data, Seeded(0, MadeSamples), Seeded(1, MadeTests));

        SampleSet Seeded(long seed, int count) =>
            SampleSet.Of(inputs => new NoiseSamples([.. inputs.Select(i => i.Shape)], count, seed, row.Kind, digits));
    }

    private static (string, SampleSet, SampleSet)? Beside(string folder, Preprocessing prepared)
    {
        if (First(s_calibration) is not { } data) return null;
        string? test = First(s_tests);
        var tested = new DataOptions(test ?? data) { Preprocessing = prepared, Labels = test is null ? null : First(s_labels) };
        return ("beside", SampleSet.Of(new DataOptions(data) { Preprocessing = prepared }), SampleSet.Of(tested));

        string? First(string[] names) => names.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }
}
