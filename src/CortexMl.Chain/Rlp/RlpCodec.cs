using System.Numerics;
using CortexMl.Diagnostics;
using Nethereum.RLP;
using Library = Nethereum.RLP.RLP;

namespace CortexMl.Chain.Rlp;

/// <summary>One item of Ethereum's recursive length prefix encoding: bytes or a list.</summary>
public abstract record RlpItem;

/// <summary>A byte string; integers are big-endian without leading zeros, 0 is the empty string.</summary>
public sealed record RlpBytes(ReadOnlyMemory<byte> Value) : RlpItem;

public sealed record RlpList(IReadOnlyList<RlpItem> Items) : RlpItem;

/// <summary>Ethereum's recursive length prefix, by Nethereum; equal items have equal bytes, since only canonical bytes are read.</summary>
public static class RlpCodec
{
    public static byte[] Write(RlpItem item) => item switch
    {
        RlpBytes bytes => Library.EncodeElement(bytes.Value.ToArray()),
        RlpList list => Library.EncodeList([.. list.Items.Select(Write)]),
        _ => throw new ArgumentException($"{item.GetType()} is no RLP item"),
    };

    /// <param name="name">What messages call the bytes.</param>
    /// <exception cref="DiagnosticException">CML1002 with the byte offset.</exception>
    public static RlpItem Read(ReadOnlyMemory<byte> data, string name)
    {
        RlpStrictness.Check(data.Span, name);
        return Item(Library.Decode(data.ToArray()));
    }

    /// <summary>An unsigned integer: big-endian without leading zeros, 0 is the empty string.</summary>
    public static RlpBytes Integer(BigInteger value) => new(value.ToBytesForRLPEncoding());

    private static RlpItem Item(IRLPElement element) => element is RLPCollection list
        ? new RlpList([.. list.Select(Item)])
        : new RlpBytes(element.RLPData ?? []);
}
