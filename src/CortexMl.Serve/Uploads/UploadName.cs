using System.Buffers;
using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Serve.Uploads;

/// <summary>A name below the folder of a job's files: every system takes its parts as they are, and none for something else.</summary>
internal sealed record UploadName(IReadOnlyList<string> Parts)
{
    private const int MostDepth = 8, MostCharacters = 120;

    private static readonly SearchValues<char> s_marks = SearchValues.Create("\\:*?\"<>|");

    /// <summary>What Windows keeps for devices, with any ending.</summary>
    private static readonly string[] s_devices = ["CON", "PRN", "AUX", "NUL", "CLOCK$"];

    /// <summary>What systems put into folders and archives for themselves.</summary>
    private static readonly string[] s_litter = ["__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"];

    /// <summary>With <c>/</c>.</summary>
    public string Text => string.Join('/', Parts);

    /// <summary>Whether it is of nobody's interest, and left out.</summary>
    public bool IsLitter => Parts.Any(part => s_litter.Contains(part, StringComparer.OrdinalIgnoreCase));

    public string Below(string folder) => Path.Combine([folder, .. Parts]);

    /// <exception cref="DiagnosticException">CML1102.</exception>
    public static UploadName Parse(string text)
    {
        string[] parts = text.Split('/');
        string? problem = text.Length == 0 ? "it is empty" : parts.Length > MostDepth
            ? string.Create(CultureInfo.InvariantCulture, $"it is more than {MostDepth} folders deep")
            : parts.Select(Problem).FirstOrDefault(found => found is not null);
        if (problem is null) return new(parts);
        throw new DiagnosticException(ServeCodes.Name, $"'{Printable.Name(Shortened(text))}' cannot be the name of a file: {problem}",
            hint: "rename the file, or leave it out");
    }

    private static string? Problem(string part)
    {
        if (part.Length == 0) return "a part of it is empty, or it starts with /";
        if (part is "." or "..") return "it leads out of its folder";
        if (part.Length > MostCharacters)
            return string.Create(CultureInfo.InvariantCulture, $"a part has more than {MostCharacters} characters");
        if (part.EnumerateRunes().Any(IsUnseen)) return "it holds characters that cannot be seen";
        if (part.AsSpan().ContainsAny(s_marks)) return "\\ : * ? \" < > | mean something else on other systems";
        if (part[^1] is '.' or ' ' || part[0] == ' ') return "a part starts or ends with what other systems drop";
        return IsDevice(part) ? "it is a device on other systems" : null;
    }

    /// <summary>Control characters, those that turn the direction of a text, and halves of pairs.</summary>
    private static bool IsUnseen(System.Text.Rune rune) => rune.Value == 0xfffd || System.Text.Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static bool IsDevice(string part)
    {
        string stem = part.Split('.')[0].TrimEnd().ToUpperInvariant();
        return s_devices.Contains(stem) || (stem is ['C', 'O', 'M', _] or ['L', 'P', 'T', _] && char.IsAsciiDigit(stem[3]));
    }

    private static string Shortened(string text) => text.Length <= 200 ? text : text[..200] + "…";
}
