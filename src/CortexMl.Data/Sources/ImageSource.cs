using CortexMl.Data.Classes;
using CortexMl.Data.Images;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Data.Sources;

/// <summary>Image files, decoded one by one: one file, or a folder whose sub-folders are classes.</summary>
public sealed class ImageSource : IRawSource
{
    private readonly IReadOnlyList<(string Path, int? Label)> _files;
    private readonly string _name;
    private readonly string? _folder;

    private ImageSource(
        IReadOnlyList<(string Path, int? Label)> files, string name, FolderClasses? classes = null, string? folder = null) =>
        (_files, _name, Classes, _folder) = (files, name, classes, folder);

    /// <summary>What class a sub-folder is; null where there is none.</summary>
    public FolderClasses? Classes { get; }

    public static ImageSource File(string path) => new([(path, null)], InputFile.DisplayName(path));

    /// <summary>Several files in this order.</summary>
    public static ImageSource Files(IReadOnlyList<string> paths) =>
        new([.. paths.Select(path => (path, (int?)null))], InputFile.DisplayName(paths[0]));

    /// <param name="list">The network's classes; null where they are not known.</param>
    /// <exception cref="DiagnosticException">CML0805: no image in it; CML0815: sub-folders that are no classes of the list.</exception>
    public static ImageSource Folder(string path, ClassList? list = null)
    {
        // What tools leave behind (.ipynb_checkpoints, __MACOSX) is no class.
        string[] folders = [.. Directory.EnumerateDirectories(path).Where(f => !InputFile.DisplayName(f).StartsWith('.')
            && !InputFile.DisplayName(f).StartsWith("__", StringComparison.Ordinal))
                .OrderBy(InputFile.DisplayName, StringComparer.Ordinal)];
        var files = Images(path).Select(f => (f, (int?)null)).ToList();
        var classes = folders.Length == 0 ? null : FolderClasses.Of(path, folders, list);
        foreach (var (folder, label) in classes?.Classes ?? []) files.AddRange(Images(folder).Select(f => (f, (int?)label)));
        if (files.Count == 0)
            throw new DiagnosticException(
                DataCodes.Empty, $"folder '{path}' holds no image", hint: $"file names end with {string.Join(", ", ImageFile.Extensions)}");
        return new(files, InputFile.DisplayName(path), classes, path);
    }

    public int Count => _files.Count;

    public bool HasPlanes => true;

    public IEnumerable<int?> Labels => _files.Select(f => f.Label);

    public string Description => Count == 1 ? _name : $"{_name} ({Counted.Of(Count, "image")})";

    /// <summary>Of a folder by their names below it, with <c>/</c>.</summary>
    public IEnumerable<(string Name, long Length)> Listing => _files.Select(f => (
        _folder is null ? InputFile.DisplayName(f.Path) : Path.GetRelativePath(_folder, f.Path).Replace(Path.DirectorySeparatorChar, '/'),
        new FileInfo(f.Path) is { Exists: true } file ? file.Length : 0));

    public IEnumerable<RawSample> Read() => _files.Select(Open);

    public IEnumerable<RawSample> Read(int first, int count) => _files.Skip(first).Take(count).Select(Open);

    public IEnumerable<RawSample> Read(IReadOnlyList<int> indices) => indices.Select(i => Open(_files[i]));

    private static RawSample Open((string Path, int? Label) file)
    {
        var (planes, isTransparent) = ImageFile.Open(file.Path);
        return new(planes, file.Label, InputFile.DisplayName(file.Path)) { IsTransparent = isTransparent };
    }

    private static IEnumerable<string> Images(string folder) =>
        Directory.EnumerateFiles(folder).Where(ImageFile.HasImageName).OrderBy(InputFile.DisplayName, StringComparer.Ordinal);
}
