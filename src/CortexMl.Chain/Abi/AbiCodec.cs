using CortexMl.Diagnostics;

namespace CortexMl.Chain.Abi;

/// <summary>Our own codec. Decoding is strict: only what encoding writes is accepted.</summary>
public sealed class AbiCodec : IAbiCodec
{
    public byte[] EncodeParameters(IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        if (types.Count != values.Count)
            throw new DiagnosticException(ChainCodes.AbiValue, $"{values.Count} values for {types.Count} parameters: ({string.Join(',', types)})");
        return AbiEncoder.Encode(new AbiTuple(types), values);
    }

    public IReadOnlyList<object> DecodeParameters(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> data) => AbiDecoder.Decode(types, data);
}
