using System.Globalization;
using CortexMl.Data.Images;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Data.Sources;

/// <summary>Image files, decoded one by one: one file, or a folder whose sub-folders, in ordinal order, are the classes 0, 1, ….</summary>
public sealed class ImageSource : IRawSource
{
    private readonly IReadOnlyList<(string Path, int? Label)> _files;
    private readonly string _name;

    private ImageSource(IReadOnlyList<(string Path, int? Label)> files, string name) => (_files, _name) = (files, name);

    public static ImageSource File(string path) => new([(path, null)], InputFile.DisplayName(path));

    /// <exception cref="DiagnosticException">CML0805: no image in it.</exception>
    public static ImageSource Folder(string path)
    {
        string[] classes = [.. Directory.EnumerateDirectories(path).OrderBy(InputFile.DisplayName, StringComparer.Ordinal)];
        var files = Images(path).Select(f => (f, (int?)null)).ToList();
        for (int label = 0; label < classes.Length; label++) files.AddRange(Images(classes[label]).Select(f => (f, (int?)label)));
        if (files.Count == 0)
            throw new DiagnosticException(DataCodes.Empty, $"folder '{path}' holds no image", hint: $"file names end with {string.Join(", ", ImageFile.Extensions)}");
        return new(files, InputFile.DisplayName(path));
    }

    public int Count => _files.Count;

    public bool HasPlanes => true;

    public IEnumerable<int?> Labels => _files.Select(f => f.Label);

    public string Description => Count == 1 ? _name : string.Create(CultureInfo.InvariantCulture, $"{_name} ({Count} images)");

    public IEnumerable<RawSample> Read()
    {
        foreach (var (path, label) in _files)
        {
            var (planes, isTransparent) = ImageFile.Open(path);
            yield return new(planes, label, InputFile.DisplayName(path)) { IsTransparent = isTransparent };
        }
    }

    private static IEnumerable<string> Images(string folder) =>
        Directory.EnumerateFiles(folder).Where(ImageFile.HasImageName).OrderBy(InputFile.DisplayName, StringComparer.Ordinal);
}
