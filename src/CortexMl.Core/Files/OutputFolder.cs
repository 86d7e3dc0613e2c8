using CortexMl.Diagnostics;

namespace CortexMl.Files;

/// <summary>One file of a set that is written together.</summary>
/// <param name="Name">Below the folder, with <c>/</c>; <c>data/symbol</c> stands in a folder of its own.</param>
public sealed record OutputFile(string Name, Action<Stream> Write)
{
    /// <summary>Whether people may change it: the manifest does not hold it.</summary>
    public bool IsEditable { get; init; }

    public static OutputFile Text(string name, string text) => Bytes(name, System.Text.Encoding.UTF8.GetBytes(text));

    public static OutputFile Bytes(string name, byte[] bytes) => new(name, stream => stream.Write(bytes));
}

/// <summary>
/// Writes several files into a folder: all are complete on the disk before the first gets its name, and until the last has its name the
/// manifest says that the folder is unfinished. Other files in the folder stay; what an interrupted run left is removed.
/// </summary>
public static class OutputFolder
{
    /// <param name="owned">
    /// Names that only earlier runs of the same command use: those that are not written now are removed, since they belong to another
    /// result.
    /// </param>
    /// <exception cref="DiagnosticException">
    /// CML0103; a folder that was not there is not left behind, nor one made for no files.
    /// </exception>
    public static void Write(string folder, IReadOnlyList<OutputFile> files, params IReadOnlyList<string> owned)
    {
        bool existed = Directory.Exists(folder), complete = false;
        using var gate = WriteGate.Enter();
        try
        {
            FileSteps.CreateFolder(folder);
            using var only = FolderLock.Take(folder);
            foreach (string left in Directory.EnumerateDirectories(folder, PartialName.Pattern))
                if (Path.GetFileName(left) is ['.', .. var name] && PartialName.Is(name)) FileSteps.DeleteFolder(left);
            if (files.Count > 0) Replace(folder, files, [.. owned.Except(files.Select(f => f.Name), StringComparer.Ordinal)]);
            complete = files.Count > 0;
            if (complete) WriteGate.Wrote();
        }
        catch (Exception error) when (AtomicFile.IsWriteFailure(error))
        {
            throw AtomicFile.Unwritable(folder, error);
        }
        finally
        {
            if (!complete && !existed) FileSteps.DeleteEmptyFolder(folder);
        }
    }

    /// <summary>Says early whether the folder can be written, before minutes of work are spent.</summary>
    /// <exception cref="DiagnosticException">CML0103.</exception>
    public static void CheckWritable(string folder) => Write(folder, []);

    //  manifest of the old files → "unfinished" → old files go, new ones come → manifest of the new files
    private static void Replace(string folder, IReadOnlyList<OutputFile> files, IReadOnlyList<string> removed)
    {
        const string Unfinished = "unfinished";
        foreach (string name in files.Select(f => f.Name).Concat(removed).Append(FolderManifest.FileName))
            CheckReplaceable(Path.Combine(folder, name));
        string partial = Path.Combine(folder, $".{PartialName.New()}");
        try
        {
            FileSteps.CreateFolder(partial);
            foreach (var file in files) Put(InFolder(partial, file.Name), file.Write);
            var changed = files.Select(f => f.Name).Concat(removed).ToHashSet(StringComparer.Ordinal);
            var others = Earlier(folder).Without(changed);
            var written =
                files.Where(f => !f.IsEditable).Select(f => KeyValuePair.Create(f.Name, ManifestEntry.Of(Path.Combine(partial, f.Name))));
            Put(Path.Combine(partial, FolderManifest.FileName), stream => stream.Write(others.With(written, []).ToJson()));
            Put(Path.Combine(partial, Unfinished), stream => stream.Write(others.With([], changed).ToJson()));

            FileSteps.Rename(Path.Combine(partial, Unfinished), Path.Combine(folder, FolderManifest.FileName));
            FileSteps.FlushFolder(folder);
            foreach (string name in removed) FileSteps.Delete(Path.Combine(folder, name));
            foreach (var file in files) FileSteps.Rename(Path.Combine(partial, file.Name), InFolder(folder, file.Name));
            FileSteps.FlushFolder(folder);
            FileSteps.Rename(Path.Combine(partial, FolderManifest.FileName), Path.Combine(folder, FolderManifest.FileName));
            FileSteps.FlushFolder(folder);
        }
        finally
        {
            FileSteps.DeleteFolder(partial);
        }
    }

    private static FolderManifest Earlier(string folder)
    {
        try
        {
            return FolderManifest.Read(folder) ?? FolderManifest.Empty;
        }
        catch (DiagnosticException)
        {
            // Broken: what it held is not known any more, and the folder is written anew.
            return FolderManifest.Empty;
        }
    }

    private static void Put(string path, Action<Stream> write)
    {
        using var stream = FileSteps.Create(path);
        FileSteps.Fill(stream, write);
    }

    /// <summary>A link or a device in a file's place is somebody's intention: it is not replaced.</summary>
    private static void CheckReplaceable(string path)
    {
        if (new FileInfo(path).LinkTarget is not null)
            throw new IOException($"'{path}' is a link; remove it, or write into another folder");
        if (FileKinds.Of(path) is var kind and not (FileKind.File or FileKind.Missing))
            throw new IOException($"'{path}' is {kind.Name()}, no file");
    }

    /// <summary>The path of a file whose folder is there.</summary>
    private static string InFolder(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        FileSteps.CreateFolder(Path.GetDirectoryName(path)!);
        return path;
    }
}
