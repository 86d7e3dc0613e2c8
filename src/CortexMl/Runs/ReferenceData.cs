using System.Text.Json.Nodes;

namespace CortexMl.Runs;

/// <summary>
/// A data set that the reference tool knows by name: its files below the data set's folder, and what is done to its samples.
/// </summary>
/// <param name="File">What of it is read; null where its files are of a kind that is not read here.</param>
/// <param name="Labels">Null where the data hold them, or where they are no classes.</param>
/// <param name="Preparation">Members of a run file, of the height of the network's input.</param>
/// <param name="Instead">What to give in place of a file that is not read; null where there is none.</param>
internal sealed record ReferenceDataSet(
    string Name, string? File, string? Labels, Func<int, IEnumerable<RunMember>> Preparation, string? Instead = null);

/// <summary>The data sets of the reference tool (python/mrt/dataset.py). It calibrates and evaluates on their test part.</summary>
internal static class ReferenceData
{
    /// <summary>Of the side of the image that the centre is cut from.</summary>
    private const double CropRatio = 0.875;

    public static IReadOnlyList<ReferenceDataSet> All { get; } =
    [
        new("mnist", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", _ => [Unit()]),
        new("cifar10", "test_batch.bin", null,
            _ => [Unit(), Numbers("mean", 0.4914, 0.4822, 0.4465), Numbers("std", 0.2023, 0.1994, 0.2010)]),
        new("quickdraw", "quickdraw_X_test.npy", "quickdraw_y_test.npy", _ => []),
        new("imagenet", null, null, side =>
            [
                new("resize", (int)Math.Ceiling(side / CropRatio)), new("crop", side),
                Numbers("mean", 123.68, 116.779, 103.939), Numbers("std", 58.393, 57.12, 57.375),
            ],
            "a folder of its images in place of val.rec, a sub-folder for each class"),
        new("voc", null, null, _ => PhotosOfUnit(), "a folder of its images"),
        new("coco", null, null, _ => PhotosOfUnit(), "a folder of its images"),
        new("trec", null, null, _ => [], "its words as numbers, .npy"),
    ];

    private static RunMember Unit() => new("scale", "1/255");

    private static IEnumerable<RunMember> PhotosOfUnit() =>
        [Unit(), Numbers("mean", 0.485, 0.456, 0.406), Numbers("std", 0.229, 0.224, 0.225)];

    private static RunMember Numbers(string name, params double[] numbers) =>
        new(name, new JsonArray([.. numbers.Select(n => (JsonNode)n)]));
}
