namespace CortexMl.Chain.Abi;

/// <summary>
/// What the chain side needs of a contract ABI library, in the shape of Nethereum.ABI: values are <see cref="System.Numerics.BigInteger"/>, bool,
/// string (also addresses), byte[], and lists for arrays and tuples.
/// </summary>
public interface IAbiCodec
{
    /// <summary>The arguments as a tuple, without selector.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">CML1011: a value does not fit its type.</exception>
    byte[] EncodeParameters(IReadOnlyList<AbiType> types, IReadOnlyList<object> values);

    /// <summary>The inverse of <see cref="EncodeParameters"/>.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">CML1012: the bytes are no encoding of these types.</exception>
    IReadOnlyList<object> DecodeParameters(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> data);

    /// <summary>Selector and arguments.</summary>
    byte[] EncodeRequest(FunctionSignature function, IReadOnlyList<object> values) => [.. function.Selector, .. EncodeParameters(function.Inputs, values)];

    /// <summary>The arguments of a call of this function.</summary>
    /// <exception cref="Diagnostics.DiagnosticException">CML1013: another function is called; CML1012.</exception>
    IReadOnlyList<object> DecodeRequest(FunctionSignature function, ReadOnlyMemory<byte> data)
    {
        CallData.CheckSelector(function, data.Span);
        return DecodeParameters(function.Inputs, data[FunctionSignature.SelectorSize..]);
    }
}
