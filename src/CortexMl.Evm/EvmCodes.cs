namespace CortexMl.Evm;

/// <summary>Diagnostics of contracts that are run here: 105x.</summary>
public static class EvmCodes
{
    /// <summary>No Solidity compiler is at hand, and nothing that it wrote before.</summary>
    public const string NoCompiler = "CML1050";

    /// <summary>The compiler refuses the contract, or it fails.</summary>
    public const string Compilation = "CML1051";

    /// <summary>What the compiler says without refusing the contract.</summary>
    public const string CompilerWarning = "CML1052";

    /// <summary>Recorded code belongs to another source.</summary>
    public const string OtherSource = "CML1053";

    /// <summary>Bytes that are no code of a contract, or more than the chain stores.</summary>
    public const string Code = "CML1054";

    /// <summary>The contract cannot be deployed.</summary>
    public const string Deployment = "CML1055";

    /// <summary>A call, or the arguments of a constructor, that do not fit the contract.</summary>
    public const string Call = "CML1056";

    /// <summary>A transaction takes longer than it may.</summary>
    public const string Time = "CML1057";
}
