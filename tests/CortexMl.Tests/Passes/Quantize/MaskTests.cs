using System.Text.Json;
using CortexMl.Ir.Origins;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Constants that would take a scale for themselves, compiled: what is not masked is as exact as without them.</summary>
public sealed class MaskTests
{
    private const string Causal = "@mask: f32[4, 4] = [0, M, M, M, 0, 0, M, M, 0, 0, 0, M, 0, 0, 0, 0]";

    private const string Padded = """
        graph @padded(%x: f32[1, 8], %keep: f32[1, 8]) {
          @w: f32[8, 8] = random(1)
          @one: f32[] = [1]
          @far: f32[] = [-10000]
          %0 = nn.sub(@one, %keep)
          %1 = nn.mul(%0, @far)
          %2 = nn.dense(%x, @w)
          %3 = nn.add(%2, %1)
          %y = nn.softmax(%3) {axis = 1}
          %z = nn.dense(%y, @w)
          return %z
        }
        """;

    [Theory]
    [InlineData("-30")]
    [InlineData("-1e4")]
    [InlineData("-3.4028235E+38")]
    [InlineData("-Infinity")]
    public void A_mask_in_front_of_softmax_costs_no_precision(string number) =>
        AssertNear(33, Attention($"{Causal.Replace("M", number, StringComparison.Ordinal)}\n%w = nn.add(%s, @mask)"));

    [Fact]
    public void A_choice_of_minus_infinity_costs_no_precision() => AssertNear(33, Attention("""
        @keep: f32[4, 4] = [1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1]
        @out: f32[] = [-Infinity]
        %w = nn.where(@keep, %s, @out)
        """));

    [Fact]
    public void Two_masks_and_a_scale_behind_them_cost_no_precision() => AssertNear(33, Attention($"""
        {Causal.Replace("M", "-3.4028235E+38", StringComparison.Ordinal)}
        @padded: f32[4] = [0, 0, 0, -3.4028235E+38]
        @half: f32[] = [0.5]
        %a = nn.add(%s, @mask)
        %b = nn.add(%a, @padded)
        %w = nn.mul(%b, @half)
        """));

    [Fact]
    public void A_row_that_is_masked_throughout_is_the_softmax_without_a_mask() => AssertNear(33, Attention("""
        @mask: f32[4, 4] = [0, -1e4, -1e4, -1e4, 0, 0, -1e4, -1e4, -1e4, -1e4, -1e4, -1e4, -1e4, -1e4, -1e4, -1e4]
        %w = nn.add(%s, @mask)
        """));

    [Theory]
    [InlineData("nn.sigmoid(%a)")]
    [InlineData("nn.tanh(%a)")]
    [InlineData("nn.elu(%a)")]
    [InlineData("nn.relu(%a)")]
    [InlineData("nn.clip(%a) {max = 1, min = -1}")]
    public void A_gate_in_front_of_a_saturating_row_costs_no_precision(string row) => AssertNear(33, $$"""
        graph @gate(%x: f32[1, 8]) {
          @w: f32[8, 8] = random(1)
          @g: f32[8] = [0, 0, -Infinity, 0, 0, 0, 0, -Infinity]
          @v: f32[8, 8] = random(2)
          %d = nn.dense(%x, @w)
          %a = nn.add(%d, @g)
          %b = {{row}}
          %y = nn.dense(%b, @v)
          return %y
        }
        """);

    //  32 masked elements of weight e^-10 each would be a thousandth of the row
    [Fact]
    public void What_is_masked_weighs_nothing()
    {
        var graph = TextParser.ParseOne($$"""
            graph @long(%x: f32[1, 1] within 1) {
              @mask: f32[1, 32] = [{{string.Join(", ", Enumerable.Repeat("-1e9", 32))}}]
              %s = nn.concat(%x, @mask) {axis = 1} : f32[1, 33] within 1e9
              %p = nn.softmax(%s) {axis = 1} : f32[1, 33] within 1
              return %p
            }
            """, "long.cml");
        var passes = Pipeline.Parse("clamp-constants,quantize,round-shift,lower-cvm");
        new PassManager(PassTable.Registry()).Run(graph, passes, new PassServices());
        double[] weights = IntegerRun.Of(graph, [Tensor.Create(Shape.Of(1, 1), [0.25])])[0];
        Assert.Equal([1.0, .. new double[32]], weights);
    }

    /// <summary>It reaches less far than it did: nobody may compare the two.</summary>
    [Fact]
    public void What_is_masked_less_stands_for_nothing_in_the_loaded_network()
    {
        var graph = TextParser.ParseOne("""
            graph @mask(%x: f32[1, 2] within 4) {
              @mask: f32[2] = [0, -1e9]
              %s = nn.add(%x, @mask) : f32[1, 2] within 1e9
              %p = nn.softmax(%s) {axis = 1} : f32[1, 2] within 1
              return %p
            }
            """);
        Provenance.Mark(graph);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("clamp-constants"), new PassServices());
        Assert.Equal([null, "p"], graph.Operations.Where(o => o.Constant is null).Select(o => o.Result.Provenance?.Real.Name));
    }

    [Fact]
    public void A_tiny_range_needs_no_longer_table_than_its_integers_are_apart()
    {
        var graph = TextParser.ParseOne("""
            graph @tiny(%x: f32[1, 4] within 5e-7) {
              %p = nn.softmax(%x) {axis = 1} : f32[1, 4] within 1
              return %p
            }
            """, "tiny.cml");
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize"), new PassServices());
        Assert.Equal(254, graph.Constants.Single(c => c.Result.Name == "p.reach").Constant!.Integers[0]);
    }

    /// <summary>0 or a number far down, as padding makes it: of a comparison, and of an input that holds 1 and 0.</summary>
    [Fact]
    public void A_mask_that_comes_with_the_data_costs_no_precision() => AssertNear(33, Attention("""
        @zero: f32[] = [0]
        @far: f32[] = [-10000]
        @first: f32[8, 1] = [1, 0, 0, 0, 0, 0, 0, 0]
        %f = nn.matmul(%x, @first)
        %l = nn.reshape(%f) {shape = [1, 1, 4]}
        %m = nn.greater(%l, @zero)
        %n = nn.mul(%m, @far)
        %w = nn.add(%s, %n)
        """));

    [Fact]
    public void An_input_of_1_and_0_is_a_mask_by_what_calibration_saw()
    {
        using var folder = new TemporaryFolder();
        string net = folder.Write("net.cml", Padded);
        WritePadded(folder, "x.npz", (i, k) => k < 3 + i % 5);
        AssertNear(33, folder, net, "z", "--data", folder["x.npz"]);
    }

    [Fact]
    public void A_mask_that_calibration_did_not_see_at_work_masks_all_the_same()
    {
        using var folder = new TemporaryFolder();
        string net = folder.Write("net.cml", Padded);
        WritePadded(folder, "whole.npz", (_, _) => true);
        WritePadded(folder, "padded.npz", (i, k) => k < 6 + i % 3);
        var compiled = CliRun.Of("compile", net, "-o", folder["out"], "--data", folder["whole.npz"], "--quiet");
        Assert.True(compiled.Exit == 0, compiled.Error);
        Assert.InRange(MeasuredNoise.Of(net, folder["out"], "--data", folder["padded.npz"]).Decibels, 28, 100);
    }

    private static void WritePadded(TemporaryFolder folder, string name, Func<int, int, bool> keeps)
    {
        using var file = File.Create(folder[name]);
        NpzWriter.Write(file,
        [
            ("x", Tensor.Create(Shape.Of(16, 8), [.. Enumerable.Range(0, 128).Select(i => (i * 37 % 64 / 32f) - 1)])),
            ("keep", Tensor.Create(Shape.Of(16, 8), [.. Enumerable.Range(0, 128).Select(i => keeps(i / 8, i % 8) ? 1f : 0f)])),
        ]);
    }

    private static string Attention(string mask) => $$"""
        graph @attention(%x: f32[1, 4, 8]) {
          @q: f32[8, 8] = random(1)
          @k: f32[8, 8] = random(2)
          %q = nn.dense(%x, @q)
          %k = nn.dense(%x, @k)
          %kt = nn.transpose(%k) {axes = [0, 2, 1]}
          %s = nn.matmul(%q, %kt)
          {{mask}}
          %p = nn.softmax(%w) {axis = -1}
          %y = nn.matmul(%p, %q)
          return %y
        }
        """;

    private static void AssertNear(double decibels, string text)
    {
        using var folder = new TemporaryFolder();
        AssertNear(decibels, folder, folder.Write("net.cml", text), "y", "--random-data", "16");
    }

    private static void AssertNear(double decibels, TemporaryFolder folder, string net, string name, params string[] data)
    {
        var run = CliRun.Of(["compile", net, "-o", folder["out"], "--quiet", "--json", .. data]);
        Assert.True(run.Exit == 0, run.Error);
        using var report = JsonDocument.Parse(run.Output);
        var output = report.RootElement.GetProperty("noise").EnumerateArray().Single(n => n.GetProperty("name").GetString() == name);
        Assert.InRange(output.GetProperty("noiseRatio").GetDouble(), decibels, 100);
    }
}
