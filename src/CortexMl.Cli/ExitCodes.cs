namespace CortexMl.Cli;

/// <summary>What the command's exit status means; scripts of others depend on it.</summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>A mismatch, a failed check, a rejected model, a failed inference.</summary>
    public const int Failed = 1;

    /// <summary>Bad usage or unreadable input.</summary>
    public const int UserError = 2;

    public const int InternalError = 3;

    /// <summary>Nothing is wrong, and the work is not done: jobs are to be run first. Of <c>compile --from-jobs</c>.</summary>
    public const int MoreWork = 4;
}
