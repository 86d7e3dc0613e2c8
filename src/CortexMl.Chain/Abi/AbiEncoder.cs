using System.Numerics;
using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Abi;

/// <summary>Writes values: the heads of a sequence, then what its dynamic members hold, in order and without gaps.</summary>
internal static class AbiEncoder
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static byte[] Encode(AbiType type, object value) => (type, value) switch
    {
        (AbiInteger integer, BigInteger number) => Integer(integer, number),
        (AbiBool, bool flag) => AbiWord.Of(flag ? BigInteger.One : BigInteger.Zero),
        (AbiAddress, string address) => [.. new byte[ChainRules.WordSize - ChainRules.AddressSize], .. Address.Parse(address)],
        (AbiFixedBytes fixedBytes, byte[] bytes) => FixedBytes(fixedBytes, bytes),
        (AbiBytes, byte[] bytes) => WithLength(bytes),
        (AbiString, string text) => WithLength(Utf8(text)),
        (AbiArray { Length: null } array, IReadOnlyList<object> items) => [.. AbiWord.Of(items.Count), .. Sequence([.. Enumerable.Repeat(array.Element, items.Count)], items)],
        (AbiArray array, IReadOnlyList<object> items) when items.Count == array.Length => Sequence([.. Enumerable.Repeat(array.Element, items.Count)], items),
        (AbiTuple tuple, IReadOnlyList<object> items) when items.Count == tuple.Components.Count => Sequence(tuple.Components, items),
        (AbiArray or AbiTuple, IReadOnlyList<object> items) => throw Unfit(type, $"{items.Count} members"),
        _ => throw Unfit(type, $"a {value.GetType().Name}"),
    };

    private static byte[] Sequence(IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        using var heads = new MemoryStream();
        using var tails = new MemoryStream();
        long headSize = types.Sum(t => t.HeadSize);
        for (int i = 0; i < types.Count; i++)
        {
            byte[] encoded = Encode(types[i], values[i]);
            if (types[i].IsDynamic)
            {
                heads.Write(AbiWord.Of(headSize + tails.Length));
                tails.Write(encoded);
            }
            else
            {
                heads.Write(encoded);
            }
        }
        return [.. heads.ToArray(), .. tails.ToArray()];
    }

    private static byte[] Integer(AbiInteger type, BigInteger value)
    {
        var end = BigInteger.One << (type.IsSigned ? type.Bits - 1 : type.Bits);
        if (value >= end || value < (type.IsSigned ? -end : BigInteger.Zero)) throw Unfit(type, $"a number of {value.GetBitLength()} bits{(value.Sign < 0 ? " below 0" : "")}");
        return AbiWord.Of(value);
    }

    private static byte[] FixedBytes(AbiFixedBytes type, byte[] bytes) =>
        bytes.Length == type.Size ? [.. bytes, .. new byte[ChainRules.WordSize - type.Size]] : throw Unfit(type, $"{bytes.Length} bytes");

    private static byte[] WithLength(byte[] bytes) => [.. AbiWord.Of(bytes.Length), .. bytes, .. new byte[AbiWord.Padding(bytes.Length)]];

    private static byte[] Utf8(string text)
    {
        try
        {
            return s_strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw Unfit(new AbiString(), "half of a surrogate pair");
        }
    }

    private static DiagnosticException Unfit(AbiType type, string found) => new(ChainCodes.AbiValue, $"{found} does not fit {type.Name}");
}
