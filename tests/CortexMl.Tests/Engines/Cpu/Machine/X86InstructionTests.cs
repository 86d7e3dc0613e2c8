using System.Buffers.Binary;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Each instruction on vectors, as the machine runs it, by its definition, and on the processor where that has it.</summary>
public sealed class X86InstructionTests
{
    private const int Samples = 200;

    /// <summary>Of kernels beside those of <see cref="VectorCodes"/>, and of kernels to come.</summary>
    private static readonly Code[] s_others =
    [
        Code.VEX_Vmovq_xmmm64_xmm, Code.VEX_Vmovhps_m64_xmm,
        Code.VEX_Vpackssdw_ymm_ymm_ymmm256, Code.VEX_Vpacksswb_ymm_ymm_ymmm256, Code.VEX_Vpackuswb_ymm_ymm_ymmm256,
        Code.VEX_Vpermd_ymm_ymm_ymmm256, Code.VEX_Vpcmpeqd_ymm_ymm_ymmm256,
        Code.VEX_Vpermq_ymm_ymmm256_imm8, Code.VEX_Vextracti128_xmmm128_ymm_imm8, Code.VEX_Vinserti128_ymm_ymm_xmmm128_imm8,
        Code.EVEX_Vpmovdb_xmmm128_k1z_zmm, Code.EVEX_Vpmovdw_ymmm256_k1z_zmm,
        Code.VEX_Vpunpcklbw_ymm_ymm_ymmm256, Code.VEX_Vpunpckhbw_ymm_ymm_ymmm256, Code.VEX_Vpunpcklwd_ymm_ymm_ymmm256,
        Code.VEX_Vpunpckhwd_ymm_ymm_ymmm256, Code.VEX_Vpmovzxbw_ymm_xmmm128, Code.VEX_Vmovd_xmm_rm32, Code.VEX_Vmovd_rm32_xmm,
        Code.VEX_Vpackuswb_xmm_xmm_xmmm128,
        Code.EVEX_Vpackssdw_zmm_k1z_zmm_zmmm512b32, Code.EVEX_Vpackuswb_zmm_k1z_zmm_zmmm512, Code.EVEX_Vpermd_zmm_k1z_zmm_zmmm512b32,
        Code.EVEX_Vpunpcklwd_zmm_k1z_zmm_zmmm512,
        Code.EVEX_Vpunpcklbw_zmm_k1z_zmm_zmmm512, Code.EVEX_Vpunpckhwd_zmm_k1z_zmm_zmmm512, Code.EVEX_Vpacksswb_zmm_k1z_zmm_zmmm512,
        Code.EVEX_Vextracti64x4_ymmm256_k1z_zmm_imm8, Code.EVEX_Vextracti32x4_xmmm128_k1z_zmm_imm8,
        Code.EVEX_Vmovq_xmmm64_xmm, Code.EVEX_Vmovhps_m64_xmm,
    ];

    private static readonly int[] s_numbers = [0, 1, 0b11011000, 7, 31, 32, 255];

    /// <summary>All that are tried here.</summary>
    internal static IReadOnlySet<Code> Tried { get; } =
        new HashSet<Code>([.. CodesOf(VectorCodes.Xmm), .. CodesOf(VectorCodes.Ymm), .. CodesOf(VectorCodes.Zmm), .. s_others]);

    /// <summary>What the processor has.</summary>
    private static HashSet<CpuidFeature> Native { get; } =
    [
        .. InstructionSet.AtHand.Select(instructions => instructions.Code()).OfType<CodeSet>()
            .SelectMany(set => X86Processor.Of(set, isWindows: false).Features),
    ];

    public static TheoryData<string, bool> Rows
    {
        get
        {
            var rows = new TheoryData<string, bool>();
            foreach (var code in Tried)
            {
                var info = code.ToOpCode();
                var kinds = Enumerable.Range(0, info.OpCount).Select(i => info.GetOpKind(i).ToString()).ToList();
                if (!kinds.Contains("mem") && !kinds.Contains("r32_or_mem")) rows.Add(code.ToString(), false);
                if (kinds.Exists(kind => kind.EndsWith("mem", StringComparison.Ordinal))) rows.Add(code.ToString(), true);
            }
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Machine_computes_what_is_defined(string name, bool inMemory) =>
        Each(Enum.Parse<Code>(name), inMemory, (code, snippet, number, random) =>
        {
            byte[] left = Operand(random), right = Operand(random), old = Operand(random);
            var (stored, register) = snippet.Emulate(left, right, old);
            bool isStore = code.ToOpCode().GetOpKind(0).ToString().EndsWith("mem", StringComparison.Ordinal) && inMemory;
            bool isWide = code.ToOpCode().Encoding == EncodingKind.EVEX;
            int bytes = isStore ? Stored(code) : Written(code);
            byte[] expected = new byte[64];
            new X86Definitions(left, right, old, number).Of(code.Mnemonic(), bytes).CopyTo(expected, 0);
            Assert.Equal(Convert.ToHexString(isStore ? expected : new byte[64]), Convert.ToHexString(stored));
            byte[] kept = isWide ? old : [.. old[..32], .. new byte[32]];
            Assert.Equal(Convert.ToHexString(isStore ? kept : expected), Convert.ToHexString(register));
        });

    [SkippableTheory]
    [MemberData(nameof(Rows))]
    public void Processor_computes_what_the_machine_does(string name, bool inMemory)
    {
        var features = Enum.Parse<Code>(name).CpuidFeatures();
        Skip.IfNot(features.All(Native.Contains), $"the processor has no {string.Join(", ", features)}");
        Each(Enum.Parse<Code>(name), inMemory, (_, snippet, _, random) =>
        {
            using var code = new CodeMemory(snippet.Bytes);
            byte[] left = Operand(random), right = Operand(random), old = Operand(random);
            var (expected, found) = (X86Snippet.RunNatively(code, left, right, old), snippet.Emulate(left, right, old));
            Assert.Equal(Convert.ToHexString(expected.Stored), Convert.ToHexString(found.Stored));
            Assert.Equal(Convert.ToHexString(expected.Register), Convert.ToHexString(found.Register));
        });
    }

    private static void Each(Code code, bool inMemory, Action<Code, X86Snippet, int, Random> check)
    {
        var info = code.ToOpCode();
        int[] numbers = info.GetOpKind(info.OpCount - 1) == OpCodeOperandKind.imm8 ? s_numbers : [0];
        var random = new Random((int)code);
        foreach (int number in numbers)
        {
            var snippet = new X86Snippet(code, inMemory, number);
            for (int i = 0; i * numbers.Length < Samples; i++) check(code, snippet, number, random);
        }
    }

    private static IEnumerable<Code> CodesOf(VectorCodes codes) =>
        typeof(VectorCodes).GetProperties().Where(p => p.PropertyType == typeof(Code)).Select(p => (Code)p.GetValue(codes)!);

    /// <summary>Bytes of the register that is written.</summary>
    private static int Written(Code code) => code.ToOpCode().GetOpKind(0).ToString()[..3] switch { "xmm" => 16, "ymm" => 32, _ => 64 };

    private static int Stored(Code code) => code.Mnemonic() switch
    {
        Mnemonic.Vmovd => 4,
        Mnemonic.Vmovq or Mnemonic.Vmovhps => 8,
        _ => Math.Max(16, Written(code)),
    };

    /// <summary>Anything, or where what saturates, wraps and has a sign is near.</summary>
    private static byte[] Operand(Random random)
    {
        byte[] bytes = new byte[64];
        random.NextBytes(bytes);
        if (random.Next(2) == 0) return bytes;
        uint[] extremes =
        [
            0x80000000, 0x7fffffff, 0xffffffff, 0, 0x80008000, 0x7fff7fff, 0x80808080, 0x7f7f7f7f, 0xffff8000, 0xffff7fff, 0x8000, 0x7fff,
        ];
        for (int i = 0; i < bytes.Length; i += sizeof(uint))
        {
            if (random.Next(4) > 0)
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i), extremes[random.Next(extremes.Length)]);
        }
        return bytes;
    }
}
