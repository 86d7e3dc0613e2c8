namespace CortexMl.Chain;

/// <summary>What the chain's protocol fixes. Source: CortexMl.Chain/SPECIFICATION.md §1, §2, §4.</summary>
public static class ChainRules
{
    /// <summary>Bytes of an EVM word.</summary>
    public const int WordSize = 32;

    /// <summary>Bytes of a torrent's info hash.</summary>
    public const int HashSize = 20;

    public const int AddressSize = 20;

    /// <summary>Largest size of symbol and params together, in bytes.</summary>
    public const long MaxRawSize = 1L << 30;

    /// <summary>What a model's author may take for a call.</summary>
    public const ulong MaxAuthorGas = 20000;

    /// <summary>Bytes by which one transaction advances an upload.</summary>
    public const long UploadStep = 512 << 10;

    /// <summary>Intrinsic gas of one upload transaction.</summary>
    public const long UploadStepGas = 277777;

    /// <summary>Operations of a model for one unit of the EVM's gas.</summary>
    public const long OperationsPerGas = 20000;

    /// <summary>The least that INFERARRAY costs.</summary>
    public const long MinInferArrayGas = 1000000;

    /// <summary>Piece length of the reference's helper script, in bytes.</summary>
    public const int DefaultPieceLength = 4096;

    /// <summary>Gas of INFER, memory apart.</summary>
    public static long InferGas(long operations) => operations / OperationsPerGas;

    /// <summary>Gas of INFERARRAY, memory apart.</summary>
    public static long InferArrayGas(long operations) => Math.Max(InferGas(operations), MinInferArrayGas);

    public static long UploadTransactions(long rawSize) => (rawSize + UploadStep - 1) / UploadStep;
}
