namespace CortexMl.Golden;

/// <summary>Codes of golden files; the range is that of the command line.</summary>
public static class GoldenCodes
{
    /// <summary>A file or a case that does not say what to run, or says it in the wrong place.</summary>
    public const string NoCommand = "CML0910";

    /// <summary>A command, an option or a quote of a <c>//!</c> line that means nothing.</summary>
    public const string UnknownCommand = "CML0911";

    /// <summary>Nothing to run: no golden file, or no case that the filter names.</summary>
    public const string NoCases = "CML0912";

    /// <summary>A case without input, which any command passes.</summary>
    public const string NoInput = "CML0913";

    /// <summary>A file or folder that is left out, and why.</summary>
    public const string LeftOut = "CML0914";

    /// <summary>Two cases of a file with one title, or without one.</summary>
    public const string DuplicateTitle = "CML0915";

    /// <summary>A <c>//?</c> line that means nothing.</summary>
    public const string UnknownCheck = "CML0916";
}
