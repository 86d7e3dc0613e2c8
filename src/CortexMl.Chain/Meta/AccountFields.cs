using System.Numerics;
using System.Text;
using CortexMl.Chain.Rlp;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Chain.Meta;

/// <summary>The items of an account code as typed fields; what does not fit is collected, and read as empty.</summary>
internal sealed class AccountFields(IReadOnlyList<string> names, IReadOnlyList<RlpItem> items, string file)
{
    /// <summary>Bytes of hashes and addresses.</summary>
    private const int FixedSize = ChainRules.HashSize;

    private const int MaxIntegerSize = 32;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public DiagnosticBag Found { get; } = new();

    public string Text(int field)
    {
        try
        {
            return s_strict.GetString(Bytes(field).Span);
        }
        catch (DecoderFallbackException)
        {
            Refuse(field, "is not UTF-8");
            return "";
        }
    }

    public byte[] Fixed(int field)
    {
        var bytes = Bytes(field);
        if (bytes.Length != FixedSize) Refuse(field, $"has {Counted.Of(bytes.Length, "byte")}; it needs {FixedSize}");
        return bytes.ToArray();
    }

    public BigInteger Integer(int field) => Integer(field, Bytes(field), MaxIntegerSize);

    public ulong UInt64(int field) => (ulong)Integer(field, Bytes(field), sizeof(ulong));

    public IReadOnlyList<ulong> Shape(int field)
    {
        if (items[field] is not RlpList list)
        {
            Refuse(field, "is a string; it must be a list of integers");
            return [];
        }
        return [.. list.Items.Select(item =>
            item is RlpBytes bytes ? (ulong)Integer(field, bytes.Value, sizeof(ulong)) : NoInteger(field))];
    }

    private ulong NoInteger(int field)
    {
        Refuse(field, "holds a list; it must be a list of integers");
        return 0;
    }

    private BigInteger Integer(int field, ReadOnlyMemory<byte> bytes, int size)
    {
        if (bytes.Length > size) Refuse(field, $"has {Counted.Of(bytes.Length, "byte")}; an integer of at most {size} is allowed");
        else if (bytes.Length > 0 && bytes.Span[0] == 0) Refuse(field, "has leading zeros");
        else return new BigInteger(bytes.Span, isUnsigned: true, isBigEndian: true);
        return 0;
    }

    private ReadOnlyMemory<byte> Bytes(int field)
    {
        if (items[field] is RlpBytes bytes) return bytes.Value;
        Refuse(field, "is a list; it must be a string");
        return new byte[names[field] is "hash" or "author" ? FixedSize : 0];
    }

    private void Refuse(int field, string problem) =>
        Found.Error(ChainCodes.AccountCode, $"{names[field]} {problem}", new SourceLocation(file));
}
