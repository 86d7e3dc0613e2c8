using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Text;
using Iced.Intel;
using Xunit;
using Xunit.Sdk;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Tables in generated groups, for every set of instructions, on the machine of the tests.</summary>
public sealed class EmulatedLookupTests
{
    public static TheoryData<string, int> Heads
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var set in Enum.GetValues<CodeSet>())
                for (int head = 0; head < LookupGraphs.Heads; head++) rows.Add(set.ToString(), head);
            return rows;
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Heads))]
    public void Groups_with_tables_give_the_interpreters_numbers(string name, int head)
    {
        NeedAvx2();
        foreach (var (i, graph) in LookupGraphs.Of(head).Concat(LookupGraphs.TablesOf(head)).Index())
        {
            var engine = new EmulatedEngine(Enum.Parse<CodeSet>(name), isWindows: i % 2 == 1);
            Agreement.Check($"{name}, emulated", engine.Observed, graph, Agreement.RandomInputs(graph, i));
        }
    }

    [Theory]
    [MemberData(nameof(HeadsAlone))]
    public void Every_instruction_set_at_hand_and_two_threads_agree(int head)
    {
        foreach (var (i, graph) in LookupGraphs.Of(head).Concat(LookupGraphs.TablesOf(head)).Index()) CpuAgreement.Check(graph, i);
    }

    public static TheoryData<int> HeadsAlone => [.. Enumerable.Range(0, LookupGraphs.Heads)];

    [SkippableTheory]
    [InlineData("Avx2", Code.VEX_Vpgatherdd_ymm_vm32y_ymm)]
    [InlineData("Avx512Vnni", Code.EVEX_Vpgatherdd_zmm_k1_vm32z)]
    [InlineData("Amx", Code.EVEX_Vpgatherdd_zmm_k1_vm32z)]
    public void Every_kind_of_code_is_tried(string name, Code gather)
    {
        NeedAvx2();
        var engine = new EmulatedEngine(Enum.Parse<CodeSet>(name));
        for (int head = 0; head < LookupGraphs.Heads; head++)
            foreach (var graph in LookupGraphs.Of(head)) engine.Observed((_, _) => { }).Prepare(graph).Dispose();
        List<CodeForm> forms = [.. engine.Processor.Forms.Where(form => form.Stages.Any(stage => stage.Lookup is not null))];
        var lookups = forms.SelectMany(form => form.Stages).Select(stage => stage.Lookup).OfType<LookupForm>().ToList();
        Assert.Equal([ElementKind.Short, ElementKind.Int], lookups.Select(lookup => lookup.Entry).Distinct().Order());
        Assert.Contains(forms, form => form.Loads);
        Assert.Contains(forms, form => form.Fold is not null);
        Assert.Contains(forms, form => form.Sliding is not null);
        Assert.Contains(forms, form => form is { Loads: false, Fold: null, Sliding: null });
        Assert.Contains(forms, form => form.Stages.Count(stage => stage.Lookup is not null) > 1);
        Assert.Contains(forms, form => form.Stages[^1].Lookup is not null && form.Result == ElementKind.Byte);
        Assert.Contains(forms, form => form.Stages[^1].Lookup is null);
        Assert.Contains(gather, engine.Processor.Codes);
        Assert.Empty(engine.Processor.Codes.Where(code => code.ToString().Contains("EX_V", StringComparison.Ordinal))
            .Except([.. X86InstructionTests.Tried, .. X86MaskTests.Tried, Code.VEX_Vzeroupper]));
    }

    [SkippableTheory]
    [InlineData("Avx2", Mnemonic.Vpcmpeqd, Code.VEX_Vpxor_ymm_ymm_ymmm256)]
    [InlineData("Avx512", Mnemonic.Kxnorw, Code.Nopd)]
    [InlineData("Avx512Vnni", Mnemonic.Kxnorw, Code.Nopd)]
    public void A_mask_that_is_not_set(string set, Mnemonic where, Code code) =>
        Assert.Throws<TrueException>(() => Check(set, i => i.Mnemonic == where, (ref Instruction i) => i.Code = code));

    /// <summary>What lies behind the table may be the layer's too: then numbers are wrong.</summary>
    [SkippableTheory]
    [InlineData("Avx2", 1)]
    [InlineData("Avx2", 8)]
    [InlineData("Avx512Vnni", 2)]
    [InlineData("Avx512Vnni", 8)]
    public void An_index_with_another_scale(string set, int scale)
    {
        var found = Record.Exception(() => Check(set, IsGather, (ref Instruction i) => i.MemoryIndexScale = scale));
        Assert.True(found is X86Fault or TrueException, $"{found}");
    }

    [SkippableTheory]
    [InlineData("Avx2", Mnemonic.Vpminsd)]
    [InlineData("Avx512Vnni", Mnemonic.Vpminsd)]
    [InlineData("Avx2", Mnemonic.Vpmaxsd)]
    [InlineData("Avx512Vnni", Mnemonic.Vpmaxsd)]
    public void An_index_that_is_not_clamped(string set, Mnemonic clamp) => Assert.Contains(
        "Vpgatherdd",
        Assert.Throws<X86Fault>(() => Check(set, i => i.Mnemonic == clamp, (ref Instruction i) => i.Code = Code.Nopd)).Message,
        StringComparison.OrdinalIgnoreCase);

    private static bool IsGather(Instruction instruction) => instruction.Mnemonic == Mnemonic.Vpgatherdd;

    private static void Check(string set, Predicate<Instruction> where, PlantedChange change)
    {
        NeedAvx2();
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 16, 4, 5]) {
              @w: i8[16, 16, 1, 1] = random(3)
              @t: i12[300] = random(5)
              %c = cvm.conv2d(%x, @w) {channels = 16, kernel_size = [1, 1], use_bias = false}
              %y = cvm.cvm_lut(%c, @t) {in_dim = 300}
              return %y
            }
            """);
        var engine = new EmulatedEngine(Enum.Parse<CodeSet>(set), change: code => PlantedFault.In(code, where, change));
        Agreement.Check("emulated", engine.Observed, graph, Agreement.RandomInputs(graph, 1));
    }

    /// <summary>Of kernels that are not generated.</summary>
    private static void NeedAvx2() => Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
}
