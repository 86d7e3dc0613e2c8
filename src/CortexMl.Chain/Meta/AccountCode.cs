using System.Numerics;
using System.Text;
using CortexMl.Chain.Rlp;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Chain.Meta;

/// <summary>The "code" of an account that stands for a model or for input data (CortexMl.Chain/SPECIFICATION.md §2).</summary>
/// <param name="Comment">Any text.</param>
/// <param name="Hash">Info hash of the files, 20 bytes.</param>
/// <param name="RawSize">Size of the files in bytes.</param>
/// <param name="BlockNumber">0 when created.</param>
public abstract record AccountCode(string Comment, byte[] Hash, ulong RawSize, BigInteger BlockNumber);

/// <param name="InputShape">Without the batch dimension; compared element by element with that of input data.</param>
/// <param name="Gas">The author's part of a call, at most 20000.</param>
/// <param name="Author">20 bytes.</param>
public sealed record ModelAccount(
    string Comment, byte[] Hash, ulong RawSize, IReadOnlyList<ulong> InputShape, IReadOnlyList<ulong> OutputShape, ulong Gas,
    byte[] Author, BigInteger BlockNumber)
    : AccountCode(Comment, Hash, RawSize, BlockNumber);

/// <param name="Shape">Without the batch dimension.</param>
public sealed record InputAccount(string Comment, byte[] Hash, ulong RawSize, IReadOnlyList<ulong> Shape, BigInteger BlockNumber)
    : AccountCode(Comment, Hash, RawSize, BlockNumber);

/// <summary>
/// Bytes of an account code: <c>0x0001 || RLP([comment, hash, rawSize, inputShape, outputShape, gas, author, blockNum])</c> for a model,
/// <c>0x0002 || RLP([comment, hash, rawSize, shape, blockNum])</c> for input data.
/// </summary>
public static class AccountCodec
{
    /// <summary>Longer codes are refused unread.</summary>
    public const int MaxLength = 1 << 18;

    private static readonly byte[] s_model = [0, 1], s_input = [0, 2];

    public static byte[] Encode(AccountCode code) => code switch
    {
        ModelAccount m => [.. s_model, .. RlpCodec.Write(new RlpList(
            [Text(m.Comment), new RlpBytes(m.Hash), Integer(m.RawSize), Shape(m.InputShape), Shape(m.OutputShape), Integer(m.Gas),
                new RlpBytes(m.Author), RlpCodec.Integer(m.BlockNumber)]))],
        InputAccount i =>
            [.. s_input,
                .. RlpCodec.Write(
                new RlpList([Text(i.Comment), new RlpBytes(i.Hash), Integer(i.RawSize), Shape(i.Shape), RlpCodec.Integer(i.BlockNumber)]))],
        _ => throw new ArgumentException($"{code.GetType()} is no account code"),
    };

    /// <exception cref="DiagnosticException">CML1002 not canonical RLP; CML1003 with every field that is not what it must be.</exception>
    public static AccountCode Decode(ReadOnlyMemory<byte> code, string name)
    {
        if (code.Length > MaxLength)
            throw Refused($"{Counted.Of(code.Length, "byte is", "bytes are")} no account code; it has at most {MaxLength}", name);
        if (code.Length < 2) throw Refused("an account code starts with 0x0001 or 0x0002", name);
        bool isModel = code.Span[..2].SequenceEqual(s_model);
        if (!isModel && !code.Span[..2].SequenceEqual(s_input))
            throw Refused($"the code starts with {Hex.Of(code.Span[..2])}; 0x0001 is a model, 0x0002 input data", name);
        string[] names = isModel ? ModelFields : InputFields;
        if (RlpCodec.Read(code[2..], name) is not RlpList list) throw Refused("behind the kind there is no list", name);
        if (list.Items.Count != names.Length)
            throw Refused(
                $"the list has {Counted.Of(list.Items.Count, "item")}; there must be {names.Length}: {string.Join(", ", names)}", name);
        var fields = new AccountFields(names, list.Items, name);
        AccountCode result = isModel
            ? new ModelAccount(Comment: fields.Text(0), Hash: fields.Fixed(1), RawSize: fields.UInt64(2), InputShape: fields.Shape(3),
                OutputShape: fields.Shape(4), Gas: fields.UInt64(5),
                Author: fields.Fixed(6), BlockNumber: fields.Integer(7))
            : new InputAccount(fields.Text(0), fields.Fixed(1), fields.UInt64(2), fields.Shape(3), fields.Integer(4));
        fields.Found.ThrowIfErrors();
        return result;
    }

    private static string[] ModelFields => ["comment", "hash", "rawSize", "inputShape", "outputShape", "gas", "author", "blockNum"];

    private static string[] InputFields => ["comment", "hash", "rawSize", "shape", "blockNum"];

    private static RlpBytes Text(string text) => new(Encoding.UTF8.GetBytes(text));

    private static RlpBytes Integer(ulong value) => RlpCodec.Integer(new BigInteger(value));

    private static RlpList Shape(IReadOnlyList<ulong> shape) => new([.. shape.Select(Integer)]);

    private static DiagnosticException Refused(string message, string name) =>
        new(ChainCodes.AccountCode, message, new SourceLocation(name));
}
