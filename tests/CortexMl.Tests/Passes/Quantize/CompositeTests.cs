using System.Text.Json;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Rows without an integer form of their own, compiled: the integers of every value follow the float ones.</summary>
public sealed class CompositeTests
{
    /// <summary>Noise that 8-bit operands may cause, in dB.</summary>
    private const double Least = 30;

    [Fact]
    public void Attention_with_a_constant_mask() => Follows("""
        graph @attention(%x: f32[1, 6, 8]) -> f32[1, 6, 8] {
          @q: f32[8, 8] = random(1)
          @k: f32[8, 8] = random(2)
          @mask: f32[6, 6] = [1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
          @low: f32[] = [-4]
          %q = nn.dense(%x, @q)
          %k = nn.dense(%x, @k)
          %q3 = nn.reshape(%q) {shape = [6, 2, 4]}
          %k3 = nn.reshape(%k) {shape = [6, 2, 4]}
          %qh = nn.transpose(%q3) {axes = [1, 0, 2]}
          %kh = nn.transpose(%k3) {axes = [1, 2, 0]}
          %s = nn.matmul(%qh, %kh)
          %w = nn.where(@mask, %s, @low)
          %p = nn.softmax(%w) {axis = -1}
          %o = nn.matmul(%p, %qh)
          %t = nn.transpose(%o) {axes = [1, 0, 2]}
          %y = nn.reshape(%t) {shape = [1, 6, 8]}
          return %y
        }
        """, "s", "p", "y");

    [Fact]
    public void Normalised_rows_divided_by_values_and_broadcast() => Follows("""
        graph @rows(%x: f32[1, 6, 8]) -> f32[6, 8] {
          %unit = nn.l2_normalize(%x) {axis = 2}
          %log = nn.log_softmax(%unit) {axis = 2}
          %e = nn.exp(%x)
          %quotient = nn.div(%log, %e)
          %sum = nn.reduce_sum(%quotient) {axes = [2], keepdims = true}
          %rows = nn.reshape(%sum) {shape = [6, 1]}
          %wide = nn.broadcast_to(%rows) {shape = [6, 8]}
          return %wide
        }
        """, "unit", "log", "quotient", "wide");

    private static void Follows(string text, params string[] values)
    {
        using var folder = new TemporaryFolder();
        var run = CliRun.Of("compile", folder.Write("net.cml", text), "-o", folder["out"], "--random-data", "16", "--quiet", "--json");
        Assert.True(run.Exit == 0, run.Error);
        using var report = JsonDocument.Parse(run.Output);
        var noise = report.RootElement.GetProperty("noise").EnumerateArray()
            .ToDictionary(n => n.GetProperty("name").GetString()!, n => n.GetProperty("noiseRatio").GetDouble());
        Assert.All(values, value => Assert.InRange(noise[value], Least, 100));
    }
}
