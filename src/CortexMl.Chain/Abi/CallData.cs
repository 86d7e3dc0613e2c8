using CortexMl.Diagnostics;

namespace CortexMl.Chain.Abi;

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
