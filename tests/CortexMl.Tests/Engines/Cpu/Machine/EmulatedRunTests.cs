using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Ir;
using CortexMl.Text;
using Iced.Intel;
using Xunit;
using Xunit.Sdk;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Tiles of runs of pixels, whose data one register addresses: maps of many widths, and planted mistakes.</summary>
public sealed class EmulatedRunTests
{
    public static TheoryData<string, int, int, int, int> Maps
    {
        get
        {
            (int Rows, int Columns, int Stride, int Padding)[] maps =
                [(1, 13, 1, 0), (5, 7, 1, 1), (6, 14, 1, 1), (3, 17, 1, 1), (9, 19, 2, 1), (7, 28, 1, 0), (29, 1, 1, 1)];
            var rows = new TheoryData<string, int, int, int, int>();
            foreach (var set in Enum.GetValues<CodeSet>().Where(set => set.HasVnni()))
                foreach (var (height, width, stride, padding) in maps) rows.Add(set.ToString(), height, width, stride, padding);
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Maps))]
    public void Products_give_the_interpreters_numbers(string set, int rows, int columns, int stride, int padding)
    {
        NeedAvx2();
        foreach (int channels in new[] { 16, 48, 96 })
            Check(Enum.Parse<CodeSet>(set), Layer(rows, columns, stride, padding, channels), null);
    }

    [SkippableTheory]
    [InlineData(14, 14)]
    [InlineData(28, 28)]
    public void Large_layers_have_runs(int rows, int columns)
    {
        NeedAvx2();
        var form = Check(CodeSet.Avx512Vnni, Layer(rows, columns, stride: 1, padding: 1, channels: 32), null);
        Assert.True(form.Tile.Run > 1 && form.RunBytes > 0);
        Assert.True(form.Tile.Pixels > CodeRegisters.MostRuns(form.Set));
    }

    [SkippableFact]
    public void A_pixel_of_a_run_that_lies_elsewhere() => Differs(
        i => i.Mnemonic == Mnemonic.Vpbroadcastd && i.MemoryDisplacement64 > 0, (ref Instruction i) => i.MemoryDisplacement64 += 4);

    [SkippableFact]
    public void Data_of_another_run() => Differs(
        i => i.Mnemonic == Mnemonic.Vpbroadcastd && i.MemoryBase == Register.R9, (ref Instruction i) => i.MemoryBase = Register.R8);

    [SkippableFact]
    public void Bytes_of_another_sum() => Differs(
        i => i.Mnemonic == Mnemonic.Vextracti64x4 && i.Immediate8 == 1, (ref Instruction i) => i.Immediate8 = 0);

    [SkippableFact]
    public void Sums_that_begin_without_what_is_added() => Differs(
        i => i.Mnemonic == Mnemonic.Vmovdqu32 && i.MemoryBase == Register.RAX, (ref Instruction i) =>
            i = Instruction.Create(Code.EVEX_Vpxord_zmm_k1z_zmm_zmmm512b32, i.Op0Register, i.Op0Register, i.Op0Register));

    private static void Differs(Predicate<Instruction> where, PlantedChange change)
    {
        NeedAvx2();
        var graph = Layer(rows: 6, columns: 14, stride: 1, padding: 1, channels: 32);
        Check(CodeSet.Avx512Vnni, graph, null);
        Assert.Throws<TrueException>(() => Check(CodeSet.Avx512Vnni, graph, code => PlantedFault.In(code, where, change)));
    }

    private static CodeForm Check(CodeSet set, Graph graph, Func<byte[], byte[]>? change)
    {
        var engine = new EmulatedEngine(set, change: change);
        Agreement.Check($"{set}, emulated", engine.Observed, graph, Agreement.RandomInputs(graph, seed: 1));
        Assert.True(engine.Processor.Calls > 0);
        return engine.Processor.Forms[0];
    }

    private static Graph Layer(int rows, int columns, int stride, int padding, int channels)
    {
        int kernel = padding > 0 ? 3 : 1;
        return TextParser.ParseOne($$"""
            graph @g(%x: i8[1, 16, {{rows}}, {{columns}}]) {
              @w: i8[{{channels}}, 16, {{kernel}}, {{kernel}}] = random(3)
              @b: i11[{{channels}}] = random(4)
              %c = cvm.conv2d(%x, @w, @b) {channels = {{channels}}, kernel_size = [{{kernel}}, {{kernel}}],
                padding = [{{padding}}, {{padding}}], strides = [{{stride}}, {{stride}}]}
              %y = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 7}
              return %y
            }
            """);
    }

    /// <summary>Of kernels that are not generated.</summary>
    private static void NeedAvx2() => Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
}
