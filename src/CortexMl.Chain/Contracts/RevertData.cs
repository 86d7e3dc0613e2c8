using System.Numerics;
using CortexMl.Chain.Abi;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Contracts;

/// <summary>What a call that fails returns: the selector of an error, then its values. CortexMl.Chain/SPECIFICATION.md §7.</summary>
public static class RevertData
{
    /// <summary>The errors that every contract has.</summary>
    public static ContractAbi Standard { get; } = new("", []);

    private static readonly ContractEntry s_panic = new(EntryKind.Error, "Panic", [new("code", new AbiInteger(256, false))], []);

    private static readonly ContractEntry[] s_builtIn = [new(EntryKind.Error, "Error", [new("message", new AbiString())], []), s_panic];

    /// <summary>What a panic's code means; null for other errors.</summary>
    /// <param name="values">Those of the error.</param>
    public static string? Meaning(ContractEntry error, IReadOnlyList<object> values)
    {
        if (error.Signature.Canonical != s_panic.Signature.Canonical) return null;
        var code = (BigInteger)values[0];
        return code > byte.MaxValue ? "a code that compilers do not use" : (int)code switch
        {
            0x00 => "a panic that the compiler inserted",
            0x01 => "an assertion failed",
            0x11 => "arithmetic overflow or underflow",
            0x12 => "division by zero",
            0x21 => "a number that the enumeration does not have",
            0x22 => "a byte array in storage is encoded wrongly",
            0x31 => "pop of an empty array",
            0x32 => "an index beyond the end of an array",
            0x41 => "too much memory",
            0x51 => "call of a function variable that is not set",
            _ => "a code that compilers do not use",
        };
    }

    internal static ContractEntry? BuiltIn(string given) =>
        s_builtIn.FirstOrDefault(e => given == e.Name || given == e.Signature.Canonical);

    /// <summary>The contract's own errors and the built-in ones; those of the contract alone where they are the same.</summary>
    internal static IEnumerable<ContractEntry> Find(ContractAbi abi, byte[] selector) =>
        abi.Entries.Where(e => e.Kind == EntryKind.Error).Concat(s_builtIn).DistinctBy(e => e.Signature.Canonical, StringComparer.Ordinal)
            .Where(e => e.Signature.Selector.AsSpan().SequenceEqual(selector));

    internal static byte[] Selector(ReadOnlySpan<byte> data, string what, string hint) => data.Length >= FunctionSignature.SelectorSize
        ? data[..FunctionSignature.SelectorSize].ToArray()
        : throw new DiagnosticException(ChainCodes.Selector,
            $"{what} has {Counted.Of(data.Length, "byte")}; a selector has {FunctionSignature.SelectorSize}", hint: hint);
}
