using Nethereum.ABI.FunctionEncoding;

namespace CortexMl.Chain.Abi;

/// <summary>The contract ABI by Nethereum, with our checks in front. Decoding is strict: only what encoding writes is accepted.</summary>
public sealed class AbiCodec : IAbiCodec
{
    public byte[] EncodeParameters(IReadOnlyList<AbiType> types, IReadOnlyList<object> values) =>
        new ParametersEncoder().EncodeParameters(AbiParameters.Of(types), AbiValues.Checked(types, values));

    public IReadOnlyList<object> DecodeParameters(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> data) => AbiDecoder.Decode(types, data);
}
