using System.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>Every instruction on numbers at the edges, next to its definition on numbers of 128 bits.</summary>
public sealed class PtxInstructionTests
{
    private static readonly long[] s_words =
    [
        0, 1, -1, 2, -2, 5, -7, 31, 32, 33, 63, 64, 65, 127, -128, 255, 1 << 15, int.MaxValue, int.MinValue, int.MinValue + 1,
        // Bytes of both signs, all the largest, all the smallest.
        0x7f80_ff01, 0x7f7f_7f7f, unchecked((int)0x8080_8080),
    ];

    private static readonly long[] s_wide = [.. s_words, 1L << 32, (1L << 40) + 3, -(1L << 40), long.MaxValue, long.MinValue];

    public static TheoryData<string> Names => [.. PtxRows.Computing.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Instructions_compute_what_they_say(string name)
    {
        var row = PtxRows.Computing[name];
        string[] path = name.Split('.');
        var operands = Operands(row.Types).Where(o => path[0] is not ("div" or "rem") || IsDefined(o[0], o[1], path[^1])).ToArray();
        ulong[] found = Compute(row, operands);
        for (int i = 0; i < operands.Length; i++)
        {
            var meaning = Meaning(path, [.. operands[i].Select((o, at) => Value(o, row.Types[at + 1], path))]);
            ulong expected = (ulong)(meaning & PtxRegisters.Mask(PtxRows.Bits(row.Types[0])));
            Assert.True(expected == found[i], $"{name} {string.Join(", ", operands[i])}: {found[i]:x}, not {expected:x}");
        }
    }

    [Theory]
    [InlineData(8, 16, 8, 16), InlineData(8, 16, 32, 32), InlineData(16, 16, 32, 32), InlineData(32, 32, 16, 16), InlineData(32, 32, 8, 16)]
    [InlineData(32, 32, 64, 64), InlineData(64, 64, 32, 32), InlineData(64, 64, 16, 16), InlineData(64, 64, 8, 16)]
    [InlineData(8, 16, 64, 64)]
    public void Conversions_extend_the_sign_and_drop_high_bits(int from, int fromRegister, int to, int toRegister)
    {
        static string Name(int bits) => bits switch { 16 => "%rs", 32 => "%r", _ => "%rd" };
        string body = $"""
            mul.wide.u32 %rd3, %r2, 8;
            add.u64 %rd4, %rd1, %rd3;
            add.u64 %rd5, %rd2, %rd3;
            ld.b{fromRegister} {Name(fromRegister)}7, [%rd4];
            cvt.s{to}.s{from} {Name(toRegister)}8, {Name(fromRegister)}7;
            st.b{toRegister} [%rd5], {Name(toRegister)}8;
            ret;
            """;
        ulong[] input = [.. s_wide.Select(x => (ulong)x)];
        ulong[] found = PtxSnippet.Run(PtxSnippet.Text(body), input.Length, 1, input, input.Length);
        static Int128 Signed(Int128 x, int bits) => from128(x, bits) - ((from128(x, bits) >> (bits - 1)) << bits);
        static Int128 from128(Int128 x, int bits) => x & ((Int128.One << bits) - 1);
        for (int i = 0; i < input.Length; i++)
            Assert.Equal((ulong)from128(Signed(Signed(input[i], from), to), toRegister), found[i]);
    }

    [Theory]
    [InlineData(8, 0xf8), InlineData(16, 0xf7f8), InlineData(32, 0xf5f6f7f8), InlineData(64, 0xf1f2f3f4f5f6f7f8)]
    public void Loads_and_stores_move_their_width_and_no_more(int bits, ulong expected)
    {
        string register = bits switch { 8 or 16 => "%rs1", 32 => "%r3", _ => "%rd3" };
        string body = $"""
            mov.b64 %rd7, own;
            mov.b64 %rd8, all;
            ld.b{bits} {register}, [%rd1];
            st.local.b{bits} [%rd7+8], {register};
            ld.local.b{bits} {register}, [%rd7+8];
            st.shared.b{bits} [%rd8+16], {register};
            ld.shared.b{bits} {register}, [%rd8+16];
            st.b{bits} [%rd2], {register};
            ret;
            """;
        string text = PtxSnippet.Text(body, ".local .align 8 .b8 own[16]; .shared .align 8 .b8 all[24];");
        Assert.Equal([expected, 0], PtxSnippet.Run(text, 1, 1, [0xf1f2f3f4f5f6f7f8], 2));
    }

    [Theory]
    [InlineData("@%p1 bra YES;", 1), InlineData("@!%p1 bra YES;", 2), InlineData("@%p2 bra YES;", 2), InlineData("bra.uni YES;", 1)]
    [InlineData("@!%p2 mov.b32 %r5, 7;", 7), InlineData("@%p2 mov.b32 %r5, 7;", 2)]
    public void Predicates_decide(string statement, ulong expected)
    {
        string body = $"""
            setp.eq.s32 %p1, %r1, 0;
            setp.ne.s32 %p2, %r1, 0;
            mov.b32 %r5, 2;
            {statement}
            bra END;
            YES:
            mov.b32 %r5, 1;
            END:
            st.b32 [%rd2], %r5;
            ret;
            """;
        Assert.Equal([expected], PtxSnippet.Run(PtxSnippet.Text(body), 1, 1, [0], 1));
    }

    [Fact]
    public void A_thread_knows_its_place()
    {
        string[] known = [.. from name in (string[])["tid", "ntid", "ctaid", "nctaid"] from axis in "xyz" select $"%{name}.{axis}"];
        var body = new StringBuilder();
        foreach (var (i, name) in known.Index()) body.Append($"mov.b32 %r{i + 3}, {name};\nst.b32 [%rd2+{8 * i}], %r{i + 3};\n");
        string text = PtxSnippet.Text($"setp.ne.s32 %p1, %r2, 2;\n@%p1 ret;\n{body}ret;");
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 0, 0, 3, 1, 1], PtxSnippet.Run(text, 3, 1, [0], known.Length));
        Assert.Equal(new PtxExtent(1, 2, 3), new PtxExtent(4, 5, 6).At(1 + (2 * 4) + (3 * 20)));
    }

    private static IEnumerable<long[]> Operands(string types)
    {
        long[] Edges(char type) => type switch { 'p' => [0, 1], 'd' => s_wide, _ => s_words };
        IEnumerable<long[]> all = [[]];
        foreach (char type in types.Skip(1)) all = all.SelectMany(before => Edges(type).Select(x => (long[])[.. before, x]));
        return all.Where((_, i) => types.Length < 4 || i % 7 == 0);
    }

    private static bool IsDefined(long a, long b, string type) =>
        b != 0 && (b != -1 || a != (type == "s32" ? int.MinValue : long.MinValue));

    private static Int128 Value(long operand, char type, string[] path) =>
        type == 'w' && path[^1] == "u32" ? (uint)operand : type == 'w' ? (int)operand : operand;

    private static Int128 Meaning(string[] path, Int128[] o) => path[0] switch
    {
        "mov" => o[0],
        "selp" => o[2] != 0 ? o[0] : o[1],
        "add" => o[0] + o[1],
        "sub" => o[0] - o[1],
        "neg" => -o[0],
        "mul" => o[0] * o[1],
        "mad" => (o[0] * o[1]) + o[2],
        "dp4a" => o[2] + Enumerable.Range(0, 4).Sum(i => (long)(sbyte)(long)(o[0] >> (8 * i)) * (sbyte)(long)(o[1] >> (8 * i))),
        "div" => o[0] / o[1],
        "rem" => o[0] - (o[0] / o[1] * o[1]),
        "min" => Int128.Min(o[0], o[1]),
        "max" => Int128.Max(o[0], o[1]),
        "and" => o[0] & o[1],
        "or" => o[0] | o[1],
        "xor" => o[0] ^ o[1],
        // The distance is unsigned, and never more than the width.
        "shl" => o[0] << Distance(o[1]),
        "shr" => o[0] >> Distance(o[1]),
        "setp" => path[1] switch
        {
            "eq" => o[0] == o[1],
            "ne" => o[0] != o[1],
            "lt" => o[0] < o[1],
            "le" => o[0] <= o[1],
            "gt" => o[0] > o[1],
            _ => o[0] >= o[1],
        } ? 1 : 0,
        _ => throw new NotSupportedException(string.Join('.', path)),
    };

    private static int Distance(Int128 operand) => (int)UInt128.Min((UInt128)(operand & uint.MaxValue), 64);

    private static ulong[] Compute(PtxRow row, long[][] operands)
    {
        int count = row.Types.Length - 1;
        string body = $"mul.wide.u32 %rd3, %r2, {count * 8};\nadd.u64 %rd4, %rd1, %rd3;\n"
            + "mul.wide.u32 %rd3, %r2, 8;\nadd.u64 %rd5, %rd2, %rd3;\n";
        for (int i = 1; i <= count; i++)
        {
            string register = Register(row.Types[i], i + 9);
            body += row.Types[i] == 'p'
                ? $"ld.b32 %r1{i}, [%rd4+{8 * (i - 1)}];\nsetp.ne.s32 {register}, %r1{i}, 0;\n"
                : $"ld.b{PtxRows.Bits(row.Types[i])} {register}, [%rd4+{8 * (i - 1)}];\n";
        }
        string result = Register(row.Types[0], 18);
        body += $"{row.Name} {string.Join(", ", [result, .. Enumerable.Range(1, count).Select(i => Register(row.Types[i], i + 9))])};\n";
        body += row.Types[0] == 'p' ? $"selp.b32 %r18, 1, 0, {result};\nst.b32 [%rd5], %r18;\nret;"
            : $"st.b{PtxRows.Bits(row.Types[0])} [%rd5], {result};\nret;";
        return PtxSnippet.Run(
            PtxSnippet.Text(body), operands.Length, 1, [.. operands.SelectMany(o => o).Select(x => (ulong)x)], operands.Length,
            allowsNegative: true);
    }

    private static string Register(char type, int number) =>
        type switch { 'p' => $"%p{number % 9}", 'h' => $"%rs{number % 9}", 'w' => $"%r{number}", _ => $"%rd{number}" };
}
