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
}
