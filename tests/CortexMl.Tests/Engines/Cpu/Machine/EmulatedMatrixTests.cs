using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Ir;
using CortexMl.Text;
using CsCheck;
using Iced.Intel;
using Xunit;
using Xunit.Sdk;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Products between matrices, in blocks of every shape and whatever they cost, on any processor.</summary>
public sealed class EmulatedMatrixTests
{
    private const int RandomGraphs = 25;

    public static TheoryData<int, int> Blocks
    {
        get
        {
            var rows = new TheoryData<int, int>();
            for (int matrices = 1; matrices <= MatrixBody.MostSums; matrices++)
                for (int vectors = 1; matrices * vectors <= MatrixBody.MostSums; vectors++) rows.Add(matrices, vectors);
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Blocks))]
    public void Products_give_the_interpreters_numbers(int matrices, int vectors)
    {
        NeedAvx2();
        var block = new MatrixBlock(matrices, vectors);
        List<CodeForm> forms = [];
        for (int product = 0; product < EmulatedGraphs.Products; product++)
        {
            foreach (var (i, graph) in EmulatedGraphs.Of(product).Index())
            {
                var engine = new EmulatedEngine(CodeSet.Amx, isWindows: (i + product) % 3 == 0, block: block);
                Agreement.Check($"{block}", engine.Observed, graph, Agreement.RandomInputs(graph, product));
                forms.AddRange(engine.Processor.Forms.Where(form => form.Matrix is not null));
            }
        }
        Assert.All(forms, form => Assert.Equal(block, new MatrixBlock(form.Matrix!.Matrices, form.Tile.Vectors)));
        Assert.True(forms.Count >= 12, $"only {forms.Count} products");
        if (vectors <= 2) Assert.Contains(forms, form => form.Matrix!.Rows == MatrixPixels.MostRows);
    }

    [SkippableTheory]
    [MemberData(nameof(Blocks))]
    public void Random_networks_give_the_interpreters_numbers(int matrices, int vectors)
    {
        NeedAvx2();
        int products = 0;
        for (uint i = 0; products < RandomGraphs && i < 40 * RandomGraphs; i++)
        {
            var graph = LayerGenerator.Networks.Generate(new PCG(i, 1), null, out _).Graph;
            var engine = new EmulatedEngine(CodeSet.Amx, block: new MatrixBlock(matrices, vectors));
            Agreement.Check("matrices", engine.Observed, graph, Agreement.RandomInputs(graph, (int)i));
            if (engine.Processor.Forms.Exists(form => form.Matrix is not null)) products++;
        }
        Assert.True(products > 0, "no product between matrices");
    }

    /// <summary>Layers of ordinary sizes get them without being told to.</summary>
    [SkippableFact]
    public void Large_layers_are_products_between_matrices_and_small_ones_are_not()
    {
        NeedAvx2();
        Assert.True(HasMatrices("1, 64, 14, 14", "64, 64, 3, 3", "padding = [1, 1], "));
        Assert.False(HasMatrices("1, 64, 1, 1", "64, 64, 1, 1", ""));

        static bool HasMatrices(string data, string weights, string padding)
        {
            var engine = new EmulatedEngine(CodeSet.Amx);
            string kernel = string.Join(", ", weights.Split(", ")[2..]);
            engine.Observed((_, _) => { }).Prepare(TextParser.ParseOne($$"""
                graph @g(%x: i8[{{data}}]) {
                  @w: i8[{{weights}}] = random(3)
                  %c = cvm.conv2d(%x, @w) {channels = 64, kernel_size = [{{kernel}}], {{padding}}use_bias = false}
                  %y = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 9}
                  return %y
                }
                """)).Dispose();
            return engine.Processor.Forms.Single().Matrix is not null;
        }
    }

    [SkippableFact]
    public void Sums_that_are_not_cleared() => Differs(
        i => i.Mnemonic == Mnemonic.Tilezero && i.Op0Register == Register.TMM1, (ref Instruction i) => i.Code = Code.Nopd);

    [SkippableFact]
    public void Weights_of_another_vector() => Differs(
        i => i.Mnemonic == Mnemonic.Tdpbusd && i.Op2Register == Register.TMM7, (ref Instruction i) => i.Op2Register = Register.TMM6);

    [SkippableFact]
    public void Sums_stored_over_others() => Differs(
        i => i.Mnemonic == Mnemonic.Tilestored && i.Op1Register == Register.TMM1, (ref Instruction i) => i.MemoryDisplacement64 = 0);

    [SkippableFact]
    public void Weights_behind_the_last() => Faults(
        "of the weights, which has", i => i.Mnemonic == Mnemonic.Tileloadd && i.MemoryBase == Register.RSI && i.MemoryDisplacement64 > 0,
        (ref Instruction i) => i.MemoryDisplacement64 += 64);

    [SkippableFact]
    public void Matrices_that_are_not_released() => Faults(
        "matrices are not released", i => i.Mnemonic == Mnemonic.Tilerelease, (ref Instruction i) => i.Code = Code.Nopd);

    [SkippableFact]
    public void Matrices_without_a_shape() => Faults(
        "matrices have no shape yet", i => i.Mnemonic == Mnemonic.Ldtilecfg, (ref Instruction i) => i.Code = Code.Nopd);

    [SkippableFact]
    public void One_step_too_many() => Faults(
        "of the steps, which has", i => i.Mnemonic == Mnemonic.Jb, (ref Instruction i) => i.Code = Code.Jbe_rel32_64);

    private static void Differs(Predicate<Instruction> where, PlantedChange change) =>
        Assert.Throws<TrueException>(() => Check(code => PlantedFault.In(code, where, change)));

    private static void Faults(string expected, Predicate<Instruction> where, PlantedChange change) => Assert.Contains(
        expected, Assert.Throws<X86Fault>(() => Check(code => PlantedFault.In(code, where, change))).Message, StringComparison.Ordinal);

    private static void Check(Func<byte[], byte[]> change)
    {
        NeedAvx2();
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 64, 6, 6]) {
              @w: i8[32, 64, 3, 3] = random(3)
              %c = cvm.conv2d(%x, @w) {channels = 32, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
              %y = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 9}
              return %y
            }
            """);
        var inputs = Agreement.RandomInputs(graph, seed: 1);
        Agreement.Check("matrices", new EmulatedEngine(CodeSet.Amx, block: new MatrixBlock(2, 2)).Observed, graph, inputs);
        Agreement.Check("matrices", new EmulatedEngine(CodeSet.Amx, change: change, block: new MatrixBlock(2, 2)).Observed, graph, inputs);
    }

    /// <summary>Of kernels that are not generated.</summary>
    private static void NeedAvx2() => Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
}
