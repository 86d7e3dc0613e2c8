namespace CortexMl.Golden;

/// <summary>Codes of golden files; the range is that of the command line.</summary>
public static class GoldenCodes
{
    public const string NoCommand = "CML0910";
    public const string UnknownCommand = "CML0911";
}
