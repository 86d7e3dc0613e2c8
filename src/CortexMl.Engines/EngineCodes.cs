namespace CortexMl.Engines;

/// <summary>Diagnostic codes of the engines, 07xx.</summary>
public static class EngineCodes
{
    public const string UnsupportedOperator = "CML0701";
    public const string InputMismatch = "CML0702";
    public const string TooMuchMemory = "CML0703";
    public const string Overflow = "CML0704";
    public const string StoragePlan = "CML0705";
    public const string InferenceFailed = "CML0706";
    public const string UnsupportedInstructions = "CML0707";

    /// <summary>A device that this machine does not have.</summary>
    public const string NoDevice = "CML0708";

    /// <summary>A driver that failed.</summary>
    public const string DeviceFailed = "CML0709";

    /// <summary>A generated kernel that a device's compiler refuses.</summary>
    public const string KernelFailed = "CML0710";
}
