using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Ir;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Steps;

/// <summary>Dense layers whose weights are computed, as in attention.</summary>
public sealed class PairDenseTests
{
    public static TheoryData<int, int, int> Sizes()
    {
        var all = new TheoryData<int, int, int>();
        foreach (int rows in new[] { 1, 3, 4, 5, 9 })
            foreach (int terms in new[] { 1, 2, 7, 32 })
                foreach (int units in new[] { 1, 7, 8, 9, 15, 16, 17, 40 }) all.Add(rows, terms, units);
        return all;
    }

    [SkippableTheory]
    [MemberData(nameof(Sizes))]
    public void Any_size(int rows, int terms, int units)
    {
        SkipWithoutAvx2();
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: i8[{{rows}}, {{terms}}], %w: i8[{{units}}, {{terms}}]) {
              %y = cvm.dense(%x, %w) {units = {{units}}, use_bias = false}
              %z = cvm.cvm_right_shift(%y) {shift_bit = 8, precision = 16}
              return %y, %z
            }
            """);
        CpuAgreement.Check(graph, rows + terms + units);
        Assert.IsType<PairDenseStep>(Assert.Single(Steps(graph), step => step.Subject.Name == "y"));
    }

    [SkippableFact]
    public void A_bias_and_constant_data()
    {
        SkipWithoutAvx2();
        var graph = TextParser.ParseOne("""
            graph @g(%w: i8[3, 5], %b: i9[3]) {
              @x: i8[2, 5] = [1, -2, 3, -4, 127, -127, 100, 9, 8, 7]
              %y = cvm.dense(@x, %w, %b) {units = 3}
              return %y
            }
            """);
        CpuAgreement.Check(graph, 1);
        Assert.IsType<PairDenseStep>(Assert.Single(Steps(graph)));
    }

    [Fact]
    public void Without_the_instructions_it_stays_with_the_interpreter()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[2, 5], %w: i8[3, 5]) {
              %y = cvm.dense(%x, %w) {units = 3, use_bias = false}
              return %y
            }
            """);
        Assert.IsType<InterpreterStep>(Assert.Single(Steps(graph, CpuInstructions.Portable)));
    }

    private static void SkipWithoutAvx2() =>
        Skip.IfNot(InstructionSet.AtHand.Contains(CpuInstructions.Avx2), "such products need AVX2");

    private static IReadOnlyList<Step> Steps(Graph graph, CpuInstructions instructions = CpuInstructions.Avx2)
    {
        var weights = new WeightStore();
        var plan = Planner.Make(graph, instructions, int.MaxValue, weights, KernelList.OfEngine);
        plan.Weights.Dispose();
        return plan.Steps;
    }
}
