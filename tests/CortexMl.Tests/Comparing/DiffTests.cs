using System.Text.Json;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Comparing;

public sealed class DiffTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private const string Before = """
        graph @g(%x: f32[1, 1, 4, 4]) {
          @w: f32[1, 1, 3, 3] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
          %conv = nn.conv2d(%x, @w) {kernel = [3, 3]}
          %0 = nn.relu(%conv)
          %pool = nn.max_pool2d(%0) {kernel = [2, 2]}
          return %pool
        }

        """;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_graph_is_the_same_as_itself_with_other_numbers_and_constants_elsewhere()
    {
        string moved = Before.Replace("  @w: f32[1, 1, 3, 3] = [1, 2, 3, 4, 5, 6, 7, 8, 9]\n  %conv = nn.conv2d(%x, @w)",
            "  @weight: f32[1, 1, 3, 3] = [1, 2, 3, 4, 5, 6, 7, 8, 9]\n  %conv = nn.conv2d(%x, @weight)", StringComparison.Ordinal)
            .Replace("%0", "%7", StringComparison.Ordinal);
        var run = Diff(moved);
        Assert.Equal((0, "6 the same, 0 changed, 0 added, 0 removed\n"), (run.Exit, run.Output));
    }

    [Fact]
    public void What_is_gone_new_and_changed_is_told()
    {
        var run = Diff(Before.Replace("  %0 = nn.relu(%conv)\n", "", StringComparison.Ordinal).Replace("(%0) {kernel = [2, 2]}",
            "(%conv) {kernel = [2, 2], strides = [2, 2]}\n  %top = nn.tanh(%pool)", StringComparison.Ordinal)
            .Replace("return %pool", "return %top", StringComparison.Ordinal).Replace("8, 9]", "8, 9.5]", StringComparison.Ordinal));
        Assert.Equal(1, run.Exit);
        Assert.Equal("""
            ~ @w: f32[1, 1, 3, 3]
                elements: 1 of 9 numbers differs, by up to 0.5
            - %0 = nn.relu(%conv) : f32[1, 1, 2, 2]
            ~ %pool = nn.max_pool2d(%conv) {kernel = [2, 2], strides = [2, 2]} : f32[1, 1, 1, 1]
                strides: left out → [2, 2]
                operands: (%0) → (%conv)
            + %top = nn.tanh(%pool) : f32[1, 1, 1, 1]
            ~ return %top
                was return %pool
            2 the same, 3 changed, 1 added, 1 removed

            """, run.Output);
    }

    [Fact]
    public void A_page_and_json_say_the_same()
    {
        string other = Before.Replace("nn.relu", "nn.tanh", StringComparison.Ordinal);
        Assert.Contains("<div class=\"added\"><b>+</b> %0 = nn.tanh(%conv)", Diff(other, "--format", "html").Output);
        var report = JsonDocument.Parse(Diff(other, "--json").Output).RootElement;
        Assert.Equal(1, report.GetProperty("added").GetInt32());
        Assert.Equal(1, report.GetProperty("removed").GetInt32());
    }

    private CliRun Diff(string after, params string[] options) =>
        CliRun.Of(["diff", _folder.Write("a.cml", Before), _folder.Write("b.cml", after), .. options]);
}
