using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Strips;
using CortexMl.Ir;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Strips;

/// <summary>Element-wise operations on values that no packed group computes, shorter and longer than a strip of 512 elements.</summary>
public sealed class StripTests
{
    private static readonly string[] s_unary =
    [
        "abs(%x)", "negative(%x)", "relu(%x)", "cvm_precision(%x)", "clip(%x) {a_min = -7, a_max = 100}", "cvm_clip(%x) {precision = 5}",
        "cvm_clip(%x) {precision = 1}", "cvm_right_shift(%x) {shift_bit = 1, precision = 32}",
        "cvm_right_shift(%x) {shift_bit = 9, precision = 6}", "cvm_right_shift(%x) {shift_bit = 32, precision = 2}",
    ];

    private static readonly string[] s_binary = ["add", "sub", "mul", "max", "greater", "div"];

    /// <summary>Of the left operand, the right one and the result.</summary>
    private static readonly (string Left, string Right, string Result)[] s_shapes =
    [
        ("5", "5", "5"), ("1", "1", "1"), ("3, 700", "3, 700", "3, 700"), ("3, 700", "1", "3, 700"), ("3, 700", "700", "3, 700"),
        ("3, 700", "3, 1", "3, 700"), ("1, 700", "3, 1", "3, 700"), ("2, 1, 31, 1", "3, 1, 29", "2, 3, 31, 29"),
        ("2, 3, 1, 9", "1, 1, 70, 1", "2, 3, 70, 9"), ("64, 16", "16", "64, 16"), ("1, 4, 1, 1, 3", "5, 1, 2, 7, 1", "5, 4, 2, 7, 3"),
        ("1, 1, 513", "513", "1, 1, 513"), ("9, 1, 64", "9, 2, 64", "9, 2, 64"),
    ];

    public static TheoryData<string, int> Unary()
    {
        var all = new TheoryData<string, int>();
        foreach (string row in s_unary)
            foreach (int count in new[] { 1, 7, 8, 13, 511, 512, 513, 1600 }) all.Add(row, count);
        return all;
    }

    public static TheoryData<string, string, string, string> Binary()
    {
        var all = new TheoryData<string, string, string, string>();
        foreach (string row in s_binary)
            foreach (var (left, right, result) in s_shapes) all.Add(row, left, right, result);
        return all;
    }

    [Theory]
    [MemberData(nameof(Unary))]
    public void One_operand(string row, int count) => Check($$"""
        graph @g(%x: i32[{{count}}]) {
          %y = cvm.{{row}}
          return %y
        }
        """);

    [Theory]
    [InlineData(3, 20)]
    [InlineData(24, 6)]
    public void A_shift_to_the_left(int bits, int precision) => Check($$"""
        graph @g(%x: i8[600]) {
          %y = cvm.cvm_left_shift(%x) {shift_bit = {{bits}}, precision = {{precision}}}
          return %y
        }
        """);

    [Theory]
    [MemberData(nameof(Binary))]
    public void Two_operands_that_broadcast(string row, string left, string right, string result)
    {
        var graph = Check($$"""
            graph @g(%a: i27[{{left}}], %b: i5[{{right}}]) {
              %y = cvm.broadcast_{{row}}(%a, %b)
              %z = cvm.broadcast_{{row}}(%b, %a)
              return %y, %z
            }
            """);
        Assert.Equal($"[{result}]", graph.Outputs[0].Type.Shape.ToString());
    }

    [Theory]
    [InlineData("6, 100", "6, 100")]
    [InlineData("6, 100", "6")]
    [InlineData("2, 3, 400", "2")]
    public void A_condition_chooses_elements_or_rows(string shape, string condition) => Check($$"""
        graph @g(%c: i2[{{condition}}], %x: i9[{{shape}}], %z: i9[{{shape}}]) {
          %y = cvm.where(%c, %x, %z)
          %r = cvm.relu(%y)
          return %r
        }
        """);

    [Fact]
    public void Tables_clamp_their_index()
    {
        string numbers = string.Join(", ", Enumerable.Range(0, 50).Select(i => (i * i % 61) - 30));
        Check($$"""
            graph @g(%x: i8[2, 650]) {
              @t: i6[50] = [{{numbers}}]
              %y = cvm.cvm_lut(%x, @t) {in_dim = 50}
              return %y
            }
            """);
    }

    [Fact]
    public void Tables_that_are_computed_stay_with_the_interpreter() => Check("""
        graph @g(%x: i8[2, 650], %t: i6[5]) {
          %y = cvm.cvm_lut(%x, %t) {in_dim = 5}
          %z = cvm.relu(%y)
          return %z
        }
        """);

    /// <summary>A softmax as behind attention: rows meet numbers of their own, values have several readers and names.</summary>
    [Fact]
    public void A_normalisation_runs_as_few_groups()
    {
        string numbers = string.Join(", ", Enumerable.Range(0, 128).Select(i => i % 16));
        var graph = Check($$"""
            graph @g(%x: i8[1, 2, 30, 40]) {
              @k: i8[1] = [90]
              @t: i5[128] = [{{numbers}}]
              %r = cvm.reshape(%x) {shape = [60, 40]}
              %m = cvm.max(%r) {axis = [1]}
              %n = cvm.reshape(%m) {shape = [1, 2, 30, 1]}
              %o = cvm.broadcast_sub(%n, @k)
              %d = cvm.broadcast_sub(%x, %o)
              %p = cvm.relu(%d)
              %e = cvm.cvm_lut(%p, @t) {in_dim = 128}
              %f = cvm.reshape(%e) {shape = [60, 40]}
              %s = cvm.sum(%f) {axis = [1], keepdims = true}
              %u = cvm.broadcast_mul(%f, @k)
              %v = cvm.cvm_clip(%u) {precision = 13}
              %q = cvm.broadcast_div(%v, %s)
              %w = cvm.reshape(%q) {shape = [1, 2, 30, 40]}
              return %w, %e
            }
            """);
        // Maximum; 2 x 30 numbers; what reads them; sum; all that needs it.
        Assert.Equal(["ReduceStep m", "StripStep o", "StripStep e", "ReduceStep s", "StripStep q"], Steps(graph).Select(Name));
    }

    [Fact]
    public void What_nobody_reads_yet_waits_for_its_reader_and_a_value_in_between_is_kept_if_an_output_needs_it()
    {
        var graph = Check("""
            graph @g(%x: i8[700], %z: i8[4]) {
              %a = cvm.broadcast_mul(%x, %x)
              %c = cvm.relu(%z)
              %b = cvm.cvm_right_shift(%a) {shift_bit = 4, precision = 8}
              %d = cvm.abs(%b)
              return %d, %c, %a
            }
            """);
        Assert.Equal(["StripStep d", "StripStep c"], Steps(graph).Select(Name));
    }

    [Fact]
    public void Groups_are_cut_where_their_strips_would_be_too_many()
    {
        string lines = string.Join(
            "\n", Enumerable.Range(1, 80).Select(i => $"  %v{i} = cvm.{(i % 2 == 0 ? "negative" : "abs")}(%v{i - 1})"));
        var graph = Check($"graph @g(%v0: i8[40, 40]) {{\n{lines}\n  return %v80\n}}\n");
        Assert.Equal(3, Steps(graph).Count(step => step is StripStep));
    }

    private static Graph Check(string text)
    {
        var graph = TextParser.ParseOne(text);
        for (int seed = 0; seed < 3; seed++) CpuAgreement.Check(graph, seed);
        return graph;
    }

    private static string Name(Step step) => $"{step.GetType().Name} {step.Subject.Name}";

    private static IReadOnlyList<Step> Steps(Graph graph)
    {
        var weights = new WeightStore();
        var plan = Planner.Make(graph, CpuInstructions.Portable, int.MaxValue, weights, KernelList.OfEngine);
        plan.Weights.Dispose();
        return plan.Steps;
    }
}
