using System.Numerics;
using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Abi;

/// <summary>
/// Whether values fit their types, before the library sees them: it pads a short address, counts members of lists no further than it
/// needs, and replaces half of a surrogate pair.
/// </summary>
internal static class AbiValues
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The values as Nethereum takes them: lists are arrays, addresses have their checksum.</summary>
    /// <exception cref="DiagnosticException">CML1011; CML1001 for an address that is no number.</exception>
    public static object[] Checked(IReadOnlyList<AbiType> types, IReadOnlyList<object> values)
    {
        if (types.Count != values.Count)
            throw new DiagnosticException(ChainCodes.AbiValue,
                $"{Counted.Of(values.Count, "value")} for {Counted.Of(types.Count, "parameter")}: ({string.Join(',', types)})");
        return [.. values.Select((value, i) => Checked(types[i], value))];
    }

    private static object Checked(AbiType type, object value) => (type, value) switch
    {
        (AbiInteger integer, BigInteger number) => Integer(integer, number),
        (AbiBool, bool) => value,
        (AbiAddress, string address) => Address.Of(Address.Parse(address)),
        (AbiFixedBytes { Size: var size }, byte[] bytes) =>
            bytes.Length == size ? bytes : throw Unfit(type, Counted.Of(bytes.Length, "byte")),
        (AbiBytes, byte[]) => value,
        (AbiString, string text) => Text(text),
        (AbiArray { Length: null } array, IReadOnlyList<object> items) => Members(_ => array.Element, items),
        (AbiArray { Length: { } length } array, IReadOnlyList<object> items) when items.Count == length =>
            Members(_ => array.Element, items),
        (AbiTuple tuple, IReadOnlyList<object> items) when items.Count == tuple.Components.Count =>
            Members(i => tuple.Components[i], items),
        (AbiArray or AbiTuple, IReadOnlyList<object> items) => throw Unfit(type, Counted.Of(items.Count, "member")),
        _ => throw Unfit(type, $"a value of type {value.GetType().Name}"),
    };

    private static object[] Members(Func<int, AbiType> type, IReadOnlyList<object> items) =>
        [.. items.Select((item, i) => Checked(type(i), item))];

    private static object Integer(AbiInteger type, BigInteger value)
    {
        var end = BigInteger.One << (type.IsSigned ? type.Bits - 1 : type.Bits);
        if (value < end && value >= (type.IsSigned ? -end : BigInteger.Zero)) return value;
        throw Unfit(type, value.Sign < 0 && !type.IsSigned ? "a number below 0"
            : $"a number of {Counted.Of(value.GetBitLength() + (type.IsSigned ? 1 : 0), "bit")}");
    }

    private static string Text(string text)
    {
        try
        {
            s_strict.GetByteCount(text);
            return text;
        }
        catch (EncoderFallbackException)
        {
            throw Unfit(new AbiString(), "half of a surrogate pair");
        }
    }

    private static DiagnosticException Unfit(AbiType type, string found) => new(ChainCodes.AbiValue, $"{found} does not fit {type.Name}");
}
