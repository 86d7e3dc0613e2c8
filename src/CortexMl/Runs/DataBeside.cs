using CortexMl.Data.Images;
using CortexMl.Files;

namespace CortexMl.Runs;

/// <summary>Files beside a model that are likely its data, told by their names: nothing is opened.</summary>
internal sealed class DataBeside
{
    private const int MostEntries = 10_000;

    private static readonly string[] s_endings = [".npy", ".npz", ".gz", "-ubyte", ".bin"];

    /// <summary>What data that calibrate are called, the likeliest first; and data to measure on.</summary>
    private static readonly string[] s_calibrating = ["calib", "train", "sample", "image", "data"], s_testing = ["test", "t10k", "val"];

    /// <summary>Images lie in the folder, or in one for each class; links are not followed.</summary>
    private static readonly EnumerationOptions s_below = new()
    {
        RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true,
        AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.System,
    };

    private readonly IReadOnlyList<string> _data, _labels;

    private DataBeside(IReadOnlyList<string> data, IReadOnlyList<string> labels) => (_data, _labels) = (data, labels);

    /// <param name="model">A file or a folder.</param>
    public static DataBeside Of(string model)
    {
        string folder = Directory.Exists(model) ? model : Path.GetDirectoryName(model) is { Length: > 0 } named ? named : ".";
        if (!Directory.Exists(folder)) return new([], []);
        string[] files = [.. Directory.EnumerateFiles(folder).Take(MostEntries).Order(StringComparer.Ordinal)];
        var labels = files.Where(IsLabels).ToList();
        var data = files.Where(f => s_endings.Any(e => f.EndsWith(e, StringComparison.OrdinalIgnoreCase))).Except(labels);
        var folders = Directory.EnumerateDirectories(folder).Take(MostEntries).Order(StringComparer.Ordinal).Where(HasImages);
        return new([.. data, .. folders], labels);
    }

    /// <summary>Null where nothing looks like it.</summary>
    public string? Calibration => Likeliest(_data.Where(d => !IsTest(d)), s_calibrating) ?? Likeliest(_data, s_testing);

    /// <summary>Data with labels to measure on, others than those that calibrate; null where there are none.</summary>
    public string? TestOf(string calibration) => Likeliest(_data.Where(d => d != calibration), s_testing)
        ?? (LabelsOf(calibration) is null ? null : calibration);

    /// <summary>The labels whose name is most like that of the data: as many of its words as possible.</summary>
    public string? LabelsOf(string data)
    {
        var words = Words(data);
        var likeliest = _labels.Select(l => (File: l, Common: Words(l).Count(words.Contains))).Where(l => l.Common > 0 || _data.Count == 1);
        return likeliest.OrderByDescending(l => l.Common).Select(l => l.File).FirstOrDefault();
    }

    private static string? Likeliest(IEnumerable<string> paths, IReadOnlyList<string> words) =>
        (from path in paths
         let rank = words.Index().Where(w => Name(path).Contains(w.Item, StringComparison.Ordinal)).Select(w => w.Index).DefaultIfEmpty(-1)
             .First()
         where rank >= 0
         orderby rank
         select path).FirstOrDefault();

    private static bool IsTest(string path) => s_testing.Any(word => Name(path).Contains(word, StringComparison.Ordinal));

    private static bool IsLabels(string path) => Name(path).Contains("label", StringComparison.Ordinal)
        && !path.EndsWith(".json", StringComparison.OrdinalIgnoreCase);

    private static bool HasImages(string folder) =>
        Directory.EnumerateFiles(folder, "*", s_below).Take(MostEntries).Any(ImageFile.HasImageName);

    private static HashSet<string> Words(string path) =>
        Name(path).Split('-', '_', '.').Where(w => w is not ("npy" or "gz" or "txt" or "ubyte")).ToHashSet(StringComparer.Ordinal);

    private static string Name(string path) => InputFile.DisplayName(path).ToLowerInvariant();
}
