using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// What kernels generated for every set of instructions compute, the processor's own or not: the interpreter's numbers, with no access
/// outside of their memory, and registers as they were.
/// </summary>
public sealed class EmulatedProductTests
{
    private const int RandomGraphs = 60;

    public static TheoryData<string, int> Products
    {
        get
        {
            var rows = new TheoryData<string, int>();
            foreach (var set in Enum.GetValues<CodeSet>())
                for (int product = 0; product < EmulatedGraphs.Products; product++) rows.Add(set.ToString(), product);
            return rows;
        }
    }

    public static TheoryData<string> Sets => [.. Enum.GetNames<CodeSet>()];

    [SkippableTheory]
    [MemberData(nameof(Products))]
    public void Products_give_the_interpreters_numbers(string name, int product) => Check(name, product, isWindows: false);

    /// <summary>Kernels as Windows calls them, on any system.</summary>
    [SkippableTheory]
    [MemberData(nameof(Products))]
    public void Products_give_the_interpreters_numbers_as_Windows_calls_them(string name, int product) =>
        Check(name, product, isWindows: true);

    [SkippableTheory]
    [MemberData(nameof(Sets))]
    public void Random_networks_give_the_interpreters_numbers(string name)
    {
        NeedAvx2();
        int products = 0;
        for (uint i = 0; products < RandomGraphs; i++)
        {
            var graph = LayerGenerator.Networks.Generate(new PCG(i, 1), null, out _).Graph;
            if (EmulatedAgreement.Check(Enum.Parse<CodeSet>(name), graph, Agreement.RandomInputs(graph, (int)i)) > 0) products++;
        }
    }

    /// <summary>The products above are of every kind of code that a kernel has.</summary>
    [SkippableTheory]
    [MemberData(nameof(Sets))]
    public void Every_kind_of_code_is_tried(string name)
    {
        NeedAvx2();
        var set = Enum.Parse<CodeSet>(name);
        var engine = new EmulatedEngine(set);
        foreach (var graph in Enumerable.Range(0, EmulatedGraphs.Products).SelectMany(EmulatedGraphs.Of))
            engine.Observed((_, _) => { }).Prepare(graph).Dispose();
        var (forms, stages) = (engine.Processor.Forms, engine.Processor.Forms.SelectMany(form => form.Stages).ToList());
        Assert.Equal([ElementKind.Byte, ElementKind.Short], forms.Select(form => form.Data).Distinct().Order());
        Assert.Equal([ElementKind.Byte, ElementKind.Short, ElementKind.Int], forms.Select(form => form.Result).Distinct().Order());
        Assert.Equal([0, 128], forms.Where(form => form.Result == ElementKind.Byte).Select(form => form.ResultOffset).Distinct().Order());
        Assert.Equal([ElementKind.Byte, ElementKind.Short, ElementKind.Int],
            stages.Select(stage => stage.Other).OfType<ElementKind>().Distinct().Order());
        Assert.All<Predicate<StageForm>>(
            [s => s.Adds, s => s.Subtracts, s => s.Multiplies, s => s.LeftShift > 0, s => s.FirstShift > 0, s => s.Rounding != 0,
            s => s.LastShift > 0, s => s.Low > int.MinValue, s => s.High < int.MaxValue],
            kind => Assert.Contains(stages, kind));
        Assert.All([true, false], holds => Assert.Contains(forms, form =>
            new RegisterPlan(form.Set, form.Data, form.Tile, form.Merged).HoldsWeights == holds));
        Assert.Equal(!set.HasVnni(), forms.Exists(form => form.Merged > 1));
        Assert.Empty(engine.Processor.Codes.Where(code => code.ToString().Contains("EX_V", StringComparison.Ordinal))
            .Except([.. X86InstructionTests.Tried, Iced.Intel.Code.VEX_Vzeroupper]));
    }

    private static void Check(string name, int product, bool isWindows)
    {
        NeedAvx2();
        foreach (var (i, graph) in EmulatedGraphs.Of(product).Index())
        {
            // Only the frame is another one.
            if (isWindows && (i + product) % 3 != 0) continue;
            int calls = EmulatedAgreement.Check(
                Enum.Parse<CodeSet>(name), graph, Agreement.RandomInputs(graph, product), isWindows);
            Assert.True(calls > 0, $"no generated kernel runs\n{CortexMl.Text.TextPrinter.Print(graph)}");
        }
    }

    /// <summary>Of kernels that are not generated.</summary>
    private static void NeedAvx2() => Skip.IfNot(Avx2.IsSupported, "layers that no kernel is generated for need AVX2 here");
}
