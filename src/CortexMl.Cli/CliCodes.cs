namespace CortexMl.Cli;

/// <summary>Diagnostics of the command line: 094x.</summary>
public static class CliCodes
{
    public const string Usage = "CML0940";

    /// <summary>Standard output is full or closed.</summary>
    public const string OutputLost = "CML0941";

    /// <summary>The system gave no more memory.</summary>
    public const string OutOfMemory = "CML0942";
}
