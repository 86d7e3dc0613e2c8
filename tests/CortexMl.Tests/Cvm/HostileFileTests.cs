using System.Buffers.Binary;
using System.Reflection;
using System.Text;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Cvm;

public sealed class HostileFileTests
{
    private static readonly CvmFiles Files = Samples.Files();

    private static readonly string[] s_codes =
        [.. typeof(CvmCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(f => (string)f.GetValue(null)!)];

    [Fact]
    public void Params_cut_anywhere_is_refused()
    {
        for (int length = 0; length < Files.Params.Length; length++)
        {
            var result = CvmReader.Read(Files.Symbol, Files.Params.AsMemory(0, length));
            Assert.True(result.Model is null, $"accepted at {length} bytes");
            Assert.All(result.Findings, IsCoded);
            Assert.NotNull(result.Findings[0].Location?.Offset);
        }
    }

    [Fact]
    public void Symbol_cut_anywhere_is_refused_until_only_closers_are_missing()
    {
        int lastShape = Files.Symbol.AsSpan().LastIndexOf("[1, 2, 2, 2"u8) + "[1, 2, 2, 2".Length;
        int end = Files.Symbol.AsSpan().LastIndexOf((byte)'"') + 1;
        for (int length = 0; length < Files.Symbol.Length; length++)
        {
            var result = CvmReader.Read(Files.Symbol.AsMemory(0, length), Files.Params);
            Assert.True(result.Model is null || length >= lastShape, $"accepted at {length} bytes");
            Assert.True(result.Model is not null || length < end, $"refused at {length} bytes");
            Assert.All(result.Findings, IsCoded);
        }
    }

    [Theory]
    [InlineData(16, CvmStatus.Logic)]
    [InlineData(24, CvmStatus.Logic)]
    [InlineData(43, CvmStatus.Logic)]
    [InlineData(60, CvmStatus.Logic)]
    [InlineData(100, CvmStatus.Runtime)]
    [InlineData(124, CvmStatus.Runtime)]
    [InlineData(132, CvmStatus.Runtime)]
    public void A_huge_count_is_compared_with_what_remains_before_anything_is_reserved(int offset, CvmStatus status)
    {
        foreach (ulong count in (ulong[])[1UL << 57, (1UL << 63) - 1, ulong.MaxValue, 1UL << 30])
        {
            byte[] bytes = [.. Files.Params];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), count);
            long before = GC.GetAllocatedBytesForCurrentThread();
            var result = CvmReader.Read(Files.Symbol, bytes);
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, $"count {count} at {offset} reserved memory");
            Assert.Equal((status, true), (result.Status, result.Model is null));
        }
    }

    [Theory]
    [InlineData(-1, CvmStatus.Logic)]
    [InlineData(int.MaxValue, CvmStatus.Runtime)]
    [InlineData(100, CvmStatus.Runtime)]
    public void An_absurd_number_of_dimensions_is_refused(int dimensions, CvmStatus status)
    {
        byte[] bytes = [.. Files.Params];
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(92), dimensions);
        Assert.Equal(status, CvmReader.Read(Files.Symbol, bytes).Status);
    }

    [Fact]
    public void Parameters_beyond_the_memory_limit_are_refused()
    {
        var result = CvmReader.Read(Files.Symbol, Files.Params, new CvmLoadOptions { MaxMemory = 39 });
        const string Told = "error CML0438: the parameters up to 'conv.bias' take 40 bytes, more than the 39 allowed";
        Assert.Equal($"{Told}\n  --> params, byte 148", result.Findings[0].ToString());
    }

    [Fact]
    public void Changed_params_never_crash() =>
        Edit(Files.Params).Sample(bytes => Survives(Files.Symbol, bytes), iter: 3000);

    [Fact]
    public void Changed_symbols_never_crash() =>
        Edit(Files.Symbol).Sample(bytes => Survives(bytes, Files.Params), iter: 3000);

    [Fact]
    public void Shuffled_tokens_of_a_symbol_never_crash()
    {
        string[] tokens = Encoding.UTF8.GetString(Files.Symbol).Split('"', ',', '[', ' ').Append("-1").Append("4294967295")
            .Append("2147483647").Distinct().ToArray();
        Gen.Select(Gen.Int[0, tokens.Length - 1], Gen.Int[0, tokens.Length - 1]).Sample(pair =>
            tokens[pair.Item1].Length == 0
                || Survives(
                Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Files.Symbol)
                .Replace(tokens[pair.Item1], tokens[pair.Item2], StringComparison.Ordinal)), Files.Params),
            iter: 3000);
    }

    /// <summary>The bytes with up to four of them overwritten and perhaps a piece cut out.</summary>
    private static Gen<byte[]> Edit(byte[] bytes) =>
        Gen.Select(Gen.Select(Gen.Int[0, bytes.Length - 1], Gen.Byte).Array[0, 4], Gen.Int[0, bytes.Length - 1],
            Gen.Int[0, 9], (edits, start, cut) =>
        {
            byte[] edited = [.. bytes];
            foreach (var (at, value) in edits) edited[at] = value;
            return (byte[])[.. edited[..start], .. edited[Math.Min(start + cut, edited.Length)..]];
        });

    private static bool Survives(byte[] symbol, byte[] parameters)
    {
        var result = CvmReader.Read(symbol, parameters);
        return result.Model is not null
            ? result.Findings.Count == 0
            : result.Findings.Count > 0 && result.Findings.All(f => s_codes.Contains(f.Code));
    }

    private static void IsCoded(Diagnostic finding) => Assert.Contains(finding.Code, s_codes);
}
