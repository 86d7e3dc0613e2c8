using System.Text;
using CortexMl.Diagnostics;
using Nethereum.Util;

namespace CortexMl.Chain.Abi;

/// <summary>A function as contracts declare it: <c>SetInput(uint256[])</c>, <c>scores(uint256) returns (int256)</c>.</summary>
/// <param name="Name">Empty for a bare list of types.</param>
/// <param name="Outputs">Empty where nothing is said.</param>
public sealed record FunctionSignature(string Name, IReadOnlyList<AbiType> Inputs, IReadOnlyList<AbiType> Outputs)
{
    public const int SelectorSize = 4;

    /// <summary>What is hashed: canonical types, no names, no blanks.</summary>
    public string Canonical => $"{Name}({string.Join(',', Inputs.Select(i => i.Name))})";

    /// <summary>The signature's Keccak-256, 32 bytes: the first topic of an event's logs.</summary>
    public byte[] Hash => Sha3Keccack.Current.CalculateHash(Encoding.ASCII.GetBytes(Canonical));

    /// <summary>The first 4 bytes of <see cref="Hash"/>.</summary>
    public byte[] Selector => Hash[..SelectorSize];

    /// <summary>
    /// Reads <c>function</c>, a name, types, words such as <c>public view</c>, and <c>returns (…)</c>; all but the types may be left out.
    /// </summary>
    /// <exception cref="DiagnosticException">CML1010.</exception>
    public static FunctionSignature Parse(string text)
    {
        var reader = new AbiTypeReader(text);
        string name = reader.ReadWord();
        if (name == "function") name = reader.ReadWord();
        if (name.Length > 0 && char.IsAsciiDigit(name[0])) throw reader.Refused($"'{name}' is no name of a function");
        var inputs = reader.ReadList();
        IReadOnlyList<AbiType> outputs = [];
        for (string word = reader.ReadWord(); word.Length > 0; word = reader.ReadWord())
        {
            if (word != "returns") continue;
            outputs = reader.ReadList();
            break;
        }
        return reader.IsAtEnd() ? new(name, inputs, outputs) : throw reader.Refused("expected the end of the signature");
    }
}

/// <summary>Calls of a function: its selector, then the arguments.</summary>
public static class CallData
{
    /// <exception cref="DiagnosticException">CML1011: a value does not fit its type.</exception>
    public static byte[] Encode(FunctionSignature function, IReadOnlyList<object> values) =>
        [.. function.Selector, .. AbiCodec.Encode(function.Inputs, values)];

    /// <summary>The arguments of a call, as the contract that is called reads them.</summary>
    /// <param name="notes">Gets a warning CML1014 where the data is not what an encoder writes.</param>
    /// <exception cref="DiagnosticException">CML1013: another function is called; CML1012: no encoding of its parameters.</exception>
    public static IReadOnlyList<object> Decode(FunctionSignature function, ReadOnlyMemory<byte> data, DiagnosticBag notes)
    {
        byte[] wanted = function.Selector;
        if (data.Span.StartsWith(wanted)) return AbiCodec.Decode(function.Inputs, data[FunctionSignature.SelectorSize..], notes);
        string found = data.Length < wanted.Length ? $"the call data has {Counted.Of(data.Length, "byte")}"
            : $"the call data starts with {Hex.Of(data.Span[..wanted.Length])}";
        throw new DiagnosticException(ChainCodes.Selector, $"{found}; {function.Canonical} has selector {Hex.Of(wanted)}",
            hint: "give the signature of the function that is called");
    }
}
