namespace CortexMl.Chain;

/// <summary>Diagnostics of the chain side: 10xx.</summary>
public static class ChainCodes
{
    public const string Hex = "CML1001";

    /// <summary>RLP that is not canonical, or not whole.</summary>
    public const string Rlp = "CML1002";

    /// <summary>An account code whose fields are not those of a model or of input data.</summary>
    public const string AccountCode = "CML1003";

    /// <summary>The JSON form of an account code.</summary>
    public const string AccountJson = "CML1004";
    public const string Bencode = "CML1005";
    public const string Torrent = "CML1006";

    /// <summary>A piece length that is no power of two, too small or too large.</summary>
    public const string PieceLength = "CML1007";

    /// <summary>A type or a signature that the contract ABI does not know.</summary>
    public const string AbiType = "CML1010";

    /// <summary>A value that does not fit its ABI type.</summary>
    public const string AbiValue = "CML1011";

    /// <summary>Bytes that are no encoding of the types asked for.</summary>
    public const string AbiData = "CML1012";

    /// <summary>Call data of another function.</summary>
    public const string Selector = "CML1013";

    /// <summary>Call data that contracts accept and no encoder writes: gaps, another order, bytes left over.</summary>
    public const string IrregularData = "CML1014";

    /// <summary>A contract's ABI file: no JSON, or entries that are none.</summary>
    public const string ContractAbi = "CML1015";

    /// <summary>An entry of a contract's ABI with a type that is not supported; it is left out.</summary>
    public const string UnsupportedEntry = "CML1016";

    /// <summary>A name that a contract's ABI does not have, or has several times.</summary>
    public const string ContractName = "CML1017";

    /// <summary>A log that is no log of the event.</summary>
    public const string EventLog = "CML1018";

    /// <summary>Words that are not whole, or fewer than the output needs.</summary>
    public const string Words = "CML1020";

    /// <summary>The call fails: the contract's output array is shorter than the model's output.</summary>
    public const string OutputArray = "CML1021";
    public const string PackageFile = "CML1030";

    /// <summary>More bytes than the chain stores.</summary>
    public const string RawSize = "CML1031";
    public const string AuthorGas = "CML1032";

    /// <summary>The chain cannot price the model, and so never calls it.</summary>
    public const string Unpriced = "CML1033";

    /// <summary>No Solidity identifier.</summary>
    public const string Identifier = "CML1040";
}
