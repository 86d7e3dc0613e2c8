using CortexMl.Diagnostics;

namespace CortexMl.Tensors;

/// <summary>One file of a set that is written together.</summary>
/// <param name="Name">Below the folder; <c>data/symbol</c> stands in a folder of its own.</param>
public sealed record OutputFile(string Name, Action<Stream> Write)
{
    public static OutputFile Text(string name, string text) => Bytes(name, System.Text.Encoding.UTF8.GetBytes(text));

    public static OutputFile Bytes(string name, byte[] bytes) => new(name, stream => stream.Write(bytes));
}

/// <summary>Writes several files into a folder: all are complete before the first gets its name. Other files in the folder stay.</summary>
public static class OutputFolder
{
    /// <param name="owned">Names that only earlier runs of the same command use: those that are not written now are removed, since they belong to another result.</param>
    /// <exception cref="DiagnosticException">CML0103; a folder that was not there is not left behind, nor one made for no files.</exception>
    public static void Write(string folder, IReadOnlyList<OutputFile> files, params IReadOnlyList<string> owned)
    {
        bool existed = Directory.Exists(folder);
        string partial = Path.Combine(folder, $".{Path.GetRandomFileName()}.partial");
        bool complete = false;
        try
        {
            Directory.CreateDirectory(partial);
            foreach (var file in files)
            {
                using var stream = new FileStream(InFolder(partial, file.Name), FileMode.CreateNew, FileAccess.Write);
                file.Write(stream);
            }
            foreach (string name in owned.Except(files.Select(f => f.Name), StringComparer.Ordinal)) File.Delete(Path.Combine(folder, name));
            foreach (var file in files) File.Move(Path.Combine(partial, file.Name), InFolder(folder, file.Name), overwrite: true);
            complete = files.Count > 0;
        }
        catch (Exception error) when (AtomicFile.IsWriteFailure(error))
        {
            throw AtomicFile.Unwritable(folder, error);
        }
        finally
        {
            if (Directory.Exists(partial)) Directory.Delete(partial, recursive: true);
            if (!complete && !existed && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The path of a file whose folder is there.</summary>
    private static string InFolder(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Says early whether the folder can be written, before minutes of work are spent.</summary>
    /// <exception cref="DiagnosticException">CML0103.</exception>
    public static void CheckWritable(string folder) => Write(folder, []);
}
