namespace CortexMl.Diagnostics;

/// <summary>
/// Who owns which codes. Each project keeps its codes as constants in one file named <c>*Codes.cs</c>; a test checks that no code stands
/// twice.
/// </summary>
/// <remarks>
/// 01xx files and tensors · 02xx frontends · 03xx text form, IR and verifier · 04xx CVM files · 05xx passes and calibration ·
/// 06xx bounds · 07xx engines · 08xx data · 09xx command line and pipelines · 10xx the chain side · 11xx the page · 12xx work in parts.
/// </remarks>
public static class DiagnosticCodes
{
    public const string FileNotFound = "CML0101";
    public const string FileUnreadable = "CML0102";
    public const string FileUnwritable = "CML0103";
    public const string TensorMalformed = "CML0104";
    public const string TensorMissing = "CML0105";
    public const string TooLarge = "CML0106";

    /// <summary>A folder whose writer was stopped, or still writes.</summary>
    public const string UnfinishedFolder = "CML0107";

    /// <summary>Files of a folder that were not written together.</summary>
    public const string MixedFolder = "CML0108";

    public const string Syntax = "CML0301";
    public const string UnknownOperator = "CML0302";
    public const string UnknownName = "CML0303";
    public const string DuplicateName = "CML0304";
    public const string OperandCount = "CML0305";
    public const string TypeRule = "CML0307";
    public const string TypeMismatch = "CML0308";
    public const string IllegalAtLevel = "CML0309";
    public const string BrokenGraph = "CML0310";
    public const string UnsupportedLiteral = "CML0311";
    public const string UnsafePath = "CML0312";

    /// <summary>What a pass makes of a network is more than the CVM holds.</summary>
    public const string BeyondLimits = "CML0313";

    /// <summary>Warning: an input or a constant of a text that nothing reads.</summary>
    public const string Unused = "CML0314";

    public const string PipelineSyntax = "CML0901";
    public const string UnknownPass = "CML0902";
    public const string PassOption = "CML0903";
    public const string PassLevel = "CML0904";
    public const string PassFailed = "CML0905";
    public const string Plugin = "CML0906";

    /// <summary>An edit of a pipeline that names a pass which it does not have.</summary>
    public const string PipelineEdit = "CML0907";

    /// <summary>A plugin that was built against a version of our libraries which this one cannot stand for.</summary>
    public const string PluginVersion = "CML0908";
}
