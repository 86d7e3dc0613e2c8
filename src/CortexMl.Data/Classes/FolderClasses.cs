using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Data.Classes;

/// <summary>
/// What tells the class of a folder of images: its name's place in a class list, its name as a number, or its rank in the alphabet.
/// </summary>
public enum ClassRule { List, Number, Rank }

/// <summary>The classes of the sub-folders of one folder.</summary>
/// <param name="Classes">Path and class, in ordinal order of the names.</param>
public sealed record FolderClasses(ClassRule Rule, IReadOnlyList<(string Path, int Class)> Classes, string Folder, ClassList? List)
{
    private const int Shown = 12;

    /// <summary>
    /// All names are in the list ⇒ its indices; all names are numbers ⇒ they are the classes; with a list ⇒ an error that says which
    /// names it lacks; else ranks.
    /// </summary>
    /// <param name="folders">Sub-folders in ordinal order.</param>
    /// <exception cref="DiagnosticException">
    /// CML0815: every folder that is no class of the list, or two that are the same class.
    /// </exception>
    public static FolderClasses Of(string folder, IReadOnlyList<string> folders, ClassList? list)
    {
        string name = InputFile.DisplayName(folder);
        string[] names = [.. folders.Select(InputFile.DisplayName)];
        int?[] numbers =
            [.. names.Select(n => int.TryParse(n, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : (int?)null)];
        bool areListed = list is not null && names.All(list.Knows);
        var rule = areListed
            ? ClassRule.List : numbers.All(n => n is not null) ? ClassRule.Number : list is not null ? ClassRule.List : ClassRule.Rank;
        var found = new DiagnosticBag();
        var classes = new List<(string Path, int Class)>();
        for (int i = 0; i < names.Length; i++)
        {
            try
            {
                int index = rule switch
                {
                    ClassRule.List => list!.IndexOf(names[i], "folder", new(name)),
                    ClassRule.Number => numbers[i]!.Value,
                    _ => i,
                };
                classes.Add((folders[i], index));
            }
            catch (DiagnosticException error)
            {
                found.AddRange(error.Diagnostics);
            }
        }
        foreach (var same in classes.GroupBy(c => c.Class).Where(g => g.Count() > 1))
        {
            string all = string.Join(" and ", same.Select(c => $"'{Printable.Name(InputFile.DisplayName(c.Path))}'"));
            string text = string.Create(CultureInfo.InvariantCulture, $"the folders {all} are both class {same.Key}");
            found.Error(DataCodes.Classes, text, new(name), "put their images into one folder");
        }
        found.ThrowIfErrors();
        return new(rule, classes, name, rule == ClassRule.List || areListed ? list : null);
    }

    /// <summary>Names of folders that are not themselves numbers.</summary>
    public string? NameOf(int index) => Rule == ClassRule.Number ? null
        : Classes.Where(c => c.Class == index).Select(c => InputFile.DisplayName(c.Path)).FirstOrDefault();

    /// <summary>Which folder is which class, and how that is known; a warning where it is not.</summary>
    public Diagnostic Told()
    {
        string mapping = string.Join(", ", Classes.OrderBy(c => c.Class).Take(Shown).Select(c =>
            string.Create(CultureInfo.InvariantCulture, $"{Printable.Name(InputFile.DisplayName(c.Path))} = {c.Class}")));
        if (Classes.Count > Shown) mapping += string.Create(CultureInfo.InvariantCulture, $", and {Classes.Count - Shown} more");
        var location = new SourceLocation(Folder);
        if (Rule == ClassRule.Rank)
            return new(DataCodes.GuessedClasses, Severity.Warning,
                $"nothing says which class a folder is: they are numbered by their rank in the alphabet, {mapping}", location,
                $"if that is not the network's order, pass --classes FILE, or put {ClassList.FileName} into the folder: a name a line in the network's order");
        string how = Rule == ClassRule.Number ? "the number that is its name" : $"its place in '{List!.Source}'";
        return new(DataCodes.Classes, Severity.Note, $"the class of a folder is {how}: {mapping}", location);
    }
}
