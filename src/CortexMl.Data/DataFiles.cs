using CortexMl.Data.Classes;
using CortexMl.Data.Images;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Data;

/// <summary>What is wrong with the files of data before a network says what it takes.</summary>
public static class DataFiles
{
    /// <summary>Looks whether the data are there, and reads labels and class names; pipes are left alone.</summary>
    /// <param name="data">A file or folder; null where none is named.</param>
    /// <param name="labels">Null where none are named.</param>
    /// <param name="classes">Null where none are named.</param>
    /// <param name="labelsAreClasses">Else labels only have to be there, as a file or a folder.</param>
    /// <exception cref="DiagnosticException">CML0101, CML0102, CML0802, CML0806, CML0815: all that is found.</exception>
    public static void Check(string? data, string? labels, string? classes, bool labelsAreClasses = true)
    {
        var found = new DiagnosticBag();
        if (data is not null && !Directory.Exists(data) && !ImagePattern.Is(data)) found.Collect(() => InputFile.Check(data));
        ClassList? list = null;
        // Names among the labels mean nothing without the list: only numbers could be told from mistakes.
        bool isListRead = classes is null || IsStored(classes);
        if (isListRead) isListRead = Succeeds(() => list = classes is not null ? ClassFile.Read(classes) : Beside(data));
        if (labels is not null && labelsAreClasses && isListRead && IsStored(labels)) found.Collect(() => LabelFile.Read(labels, list));
        else if (labels is not null && (labelsAreClasses || !Directory.Exists(labels))) found.Collect(() => InputFile.Check(labels));
        found.ThrowIfErrors();

        bool Succeeds(Action read)
        {
            int before = found.Items.Count;
            found.Collect(read);
            return found.Items.Count == before;
        }
    }

    private static ClassList? Beside(string? data) => data is null ? null : ClassFile.Of(new DataOptions(data));

    private static bool IsStored(string path) => FileKinds.Of(path) is FileKind.File or FileKind.Missing;
}
