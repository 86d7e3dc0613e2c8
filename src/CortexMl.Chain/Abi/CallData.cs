using CortexMl.Diagnostics;

namespace CortexMl.Chain.Abi;

/// <summary>Calls of a function.</summary>
public static class CallData
{
    public static IAbiCodec Codec { get; } = new AbiCodec();

    /// <exception cref="DiagnosticException">CML1013.</exception>
    public static void CheckSelector(FunctionSignature function, ReadOnlySpan<byte> data)
    {
        byte[] wanted = function.Selector;
        if (data.StartsWith(wanted)) return;
        string found = data.Length < wanted.Length ? $"the call data has {data.Length} bytes" : $"the call data starts with {Hex.Of(data[..wanted.Length])}";
        throw new DiagnosticException(ChainCodes.Selector, $"{found}; {function.Canonical} has selector {Hex.Of(wanted)}", hint: "give the signature of the function that is called");
    }
}
