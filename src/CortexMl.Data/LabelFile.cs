using System.Globalization;
using CortexMl.Data.Classes;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>Class indices from a file: IDX (.gz allowed), .npy, or text with one number, or with a class list one name, a line.</summary>
public static class LabelFile
{
    /// <exception cref="DiagnosticException">
    /// CML0101, CML0102, CML0104, CML0802; CML0806 where the content is no list of classes.
    /// </exception>
    /// <param name="list">The network's classes; null where they are not known.</param>
    public static IReadOnlyList<int> Read(string path, ClassList? list = null)
    {
        string name = InputFile.DisplayName(path);
        byte[] bytes = InputFile.ReadUnpacked(path);
        if (NpyReader.IsNpy(bytes)) return Classes(NpyReader.Read(bytes, name), name);
        if (Idx.HasMagic(bytes)) return Classes(Idx.Read(bytes, name), name);
        return Lines(System.Text.Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'), name, list);
    }

    /// <summary>Labels of shape [N] or [N, 1].</summary>
    internal static IReadOnlyList<int> Classes(Tensor labels, string name)
    {
        if (labels.Shape.Rank == 0 || labels.Shape[0] != labels.Length)
            throw new DiagnosticException(
                DataCodes.Labels, $"labels have shape {labels.Shape}; one number a sample is needed: [N]", new(name));
        var classes = new int[labels.Length];
        for (int i = 0; i < classes.Length; i++)
        {
            double value = labels.GetDouble(i);
            if (value < 0 || value > int.MaxValue || value != Math.Floor(value))
                throw new DiagnosticException(DataCodes.Labels,
                    string.Create(CultureInfo.InvariantCulture, $"label {i} is {value}; a class is a whole number from 0"), new(name));
            classes[i] = (int)value;
        }
        return classes;
    }

    private static List<int> Lines(string text, string name, ClassList? list)
    {
        var classes = new List<int>();
        int number = 0;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            number++;
            if (line.Trim().IsEmpty) continue;
            var place = new SourceLocation(name, number, 1);
            if (int.TryParse(line.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int label)) classes.Add(label);
            else if (list is not null) classes.Add(list.IndexOf(line.Trim().ToString(), "label", place));
            else
                throw new DiagnosticException(DataCodes.Labels, "this line is not a class number", place,
                    "labels are IDX, .npy, or text with one number a line; names need the class list: --classes FILE");
        }
        return classes;
    }
}
