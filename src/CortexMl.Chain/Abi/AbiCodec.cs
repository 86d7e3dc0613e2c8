using CortexMl.Diagnostics;
using Nethereum.ABI.FunctionEncoding;

namespace CortexMl.Chain.Abi;

/// <summary>
/// The contract ABI by Nethereum, with our checks in front of it. Values are <see cref="System.Numerics.BigInteger"/>, bool, string (also
/// addresses), byte[], and lists for arrays and tuples.
/// </summary>
public static class AbiCodec
{
    /// <summary>The values as a tuple, without selector.</summary>
    /// <exception cref="DiagnosticException">CML1011: a value does not fit its type.</exception>
    public static byte[] Encode(IReadOnlyList<AbiType> types, IReadOnlyList<object> values) =>
        new ParametersEncoder().EncodeParameters(AbiParameters.Of(types), AbiValues.Checked(types, values));

    /// <summary>The inverse of <see cref="Encode"/>: accepts only what that writes.</summary>
    /// <exception cref="DiagnosticException">
    /// CML1012: the bytes are no encoding of these types, or not the one that an encoder writes.
    /// </exception>
    public static IReadOnlyList<object> Decode(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> data)
    {
        byte[] regular = AbiStrictness.Regular(types, data, out var irregular);
        if (irregular is [var first, ..]) throw new DiagnosticException(ChainCodes.AbiData, first.Message, first.Location);
        return Decoded(types, regular);
    }

    /// <summary>Accepts what contracts accept: values in any order, with gaps, and bytes left over.</summary>
    /// <param name="notes">Gets a warning CML1014 for each place that an encoder would not have written so.</param>
    /// <exception cref="DiagnosticException">CML1012: the bytes are no encoding of these types.</exception>
    public static IReadOnlyList<object> Decode(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> data, DiagnosticBag notes)
    {
        byte[] regular = AbiStrictness.Regular(types, data, out var irregular);
        notes.AddRange(irregular);
        return Decoded(types, regular);
    }

    private static object[] Decoded(IReadOnlyList<AbiType> types, byte[] data) =>
        [.. new ParameterDecoder().DecodeDefaultData(data, AbiParameters.Of(types))
            .Select((value, i) => AbiParameters.Value(types[i], value.Result))];
}
