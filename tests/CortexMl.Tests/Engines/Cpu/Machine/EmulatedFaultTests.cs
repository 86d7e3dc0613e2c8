using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Text;
using Iced.Intel;
using Xunit;
using Xunit.Sdk;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Mistakes that a generator could make, planted into the code of kernels: each is found.</summary>
public sealed class EmulatedFaultTests
{
    private const string CodeSets256 = "Avx2 AvxVnni", CodeSets512 = "Avx512 Avx512Vnni";

    private const string Layer = """
        graph @g(%x: i8[1, 16, 4, 5], %a: i8[1, 16, 4, 5]) {
          @w: i4[16, 16, 3, 3] = random(3)
          @b: i11[16] = random(4)
          %c = cvm.conv2d(%x, @w, @b) {channels = 16, kernel_size = [3, 3], padding = [1, 1]}
          %k = cvm.clip(%c) {a_max = 300, a_min = -300}
          %s = cvm.cvm_right_shift(%k) {precision = 8, shift_bit = 3}
          %y = cvm.elemwise_add(%s, %a)
          return %y
        }
        """;

    [SkippableTheory]
    [InlineData(CodeSets256, nameof(Code.VEX_Vpaddd_ymm_ymm_ymmm256), nameof(Code.VEX_Vpsubd_ymm_ymm_ymmm256))]
    [InlineData(CodeSets256, nameof(Code.VEX_Vpmovzxbd_ymm_xmmm64), nameof(Code.VEX_Vpmovsxwd_ymm_xmmm128))]
    [InlineData(CodeSets256, nameof(Code.VEX_Vpsrad_ymm_ymm_imm8), nameof(Code.VEX_Vpslld_ymm_ymm_imm8))]
    [InlineData("Avx2", nameof(Code.VEX_Vpmaddubsw_ymm_ymm_ymmm256), nameof(Code.VEX_Vpmaddwd_ymm_ymm_ymmm256))]
    [InlineData("Avx2", nameof(Code.VEX_Vpaddw_ymm_ymm_ymmm256), nameof(Code.VEX_Vpaddd_ymm_ymm_ymmm256))]
    [InlineData("AvxVnni", nameof(Code.VEX_Vpdpbusd_ymm_ymm_ymmm256), nameof(Code.VEX_Vpdpwssd_ymm_ymm_ymmm256))]
    [InlineData(CodeSets512, nameof(Code.EVEX_Vpaddd_zmm_k1z_zmm_zmmm512b32), nameof(Code.EVEX_Vpsubd_zmm_k1z_zmm_zmmm512b32))]
    [InlineData(CodeSets512, nameof(Code.EVEX_Vpminsd_zmm_k1z_zmm_zmmm512b32), nameof(Code.EVEX_Vpmaxsd_zmm_k1z_zmm_zmmm512b32))]
    [InlineData("Avx512", nameof(Code.EVEX_Vpmaddubsw_zmm_k1z_zmm_zmmm512), nameof(Code.EVEX_Vpmaddwd_zmm_k1z_zmm_zmmm512))]
    [InlineData("Avx512Vnni", nameof(Code.EVEX_Vpdpbusd_zmm_k1z_zmm_zmmm512b32), nameof(Code.EVEX_Vpdpwssd_zmm_k1z_zmm_zmmm512b32))]
    public void Another_instruction(string sets, string from, string to)
    {
        foreach (var set in sets.Split(' ').Select(Enum.Parse<CodeSet>))
        {
            Check(set, null);
            Assert.Throws<TrueException>(() => Check(set, code => PlantedFault.In(code, i => i.Code == Enum.Parse<Code>(from),
                (ref Instruction i) => i.Code = Enum.Parse<Code>(to))));
        }
    }

    [SkippableFact]
    public void Constants_that_there_are_not() => Finds(
        "[rcx+10000", i => i.Code == Code.VEX_Vpminsd_ymm_ymm_ymmm256, (ref Instruction i) => Move(ref i, 1 << 24));

    [SkippableFact]
    public void An_addend_behind_the_last() => Finds(
        "of the tables, which has", i => i.Code == Code.VEX_Vpaddd_ymm_ymm_ymmm256 && i.MemoryBase == Register.RAX,
        (ref Instruction i) => Move(ref i, 32));

    [SkippableFact]
    public void Weights_behind_the_last() => Finds(
        "of the weights, which has", i => i.MemoryBase == Register.RSI, (ref Instruction i) => Move(ref i, 32));

    [SkippableFact]
    public void A_loop_that_goes_one_step_too_far() => Finds(
        "reads 4 bytes", i => i.Mnemonic == Mnemonic.Jb, (ref Instruction i) => i.Code = Code.Jbe_rel32_64);

    [SkippableFact]
    public void An_index_with_another_scale() => Finds(
        "reads 4 bytes", i => i.Mnemonic == Mnemonic.Movsxd && i.MemoryIndexScale == 4, (ref Instruction i) => i.MemoryIndexScale = 8);

    [SkippableFact]
    public void A_register_that_is_not_restored() => Finds(
        "R12 is not as it was", i => i.Mnemonic == Mnemonic.Pop && i.Op0Register == Register.R12,
        (ref Instruction i) => i.Op0Register = Register.RAX);

    [SkippableFact]
    public void A_missing_vzeroupper() => Finds(
        "is used above 128 bits", i => i.Mnemonic == Mnemonic.Vzeroupper, (ref Instruction i) => i.Code = Code.Nopd);

    private static void Finds(string expected, Predicate<Instruction> where, PlantedChange change) => Assert.Contains(
        expected, Assert.Throws<X86Fault>(() => Check(CodeSet.Avx2, code => PlantedFault.In(code, where, change))).Message,
        StringComparison.Ordinal);

    private static void Move(ref Instruction instruction, ulong bytes)
    {
        instruction.MemoryDisplacement64 += bytes;
        instruction.MemoryDisplSize = 1;
    }

    private static void Check(CodeSet set, Func<byte[], byte[]>? change)
    {
        Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
        var graph = TextParser.ParseOne(Layer);
        var engine = new EmulatedEngine(set, change: change);
        Agreement.Check($"{set}, emulated", engine.Observed, graph, Agreement.RandomInputs(graph, seed: 1));
        Assert.True(engine.Processor.Calls > 0);
    }
}
