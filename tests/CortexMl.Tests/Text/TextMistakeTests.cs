using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Text;

/// <summary>Mistakes in a text as the command shows them: with the line, and all of an operation.</summary>
public sealed class TextMistakeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_line_stands_below_with_a_mark() => Assert.Equal("""
        error CML0302: unknown operator 'relu'
          --> net.cml:2:8
           |   %0 = relu(%x)
           |        ^^^^
          help: did you mean 'nn.relu'?

        """, Opt("  %0 = relu(%x)\n  return %0"));

    [Fact]
    public void At_the_level_of_integers_the_operator_of_integers_is_meant()
    {
        string path = _folder.Write("int.cml", "graph @g(%x: i8[1, 2]) {\n  %0 = relu(%x)\n  return %0\n}\n");
        Assert.Contains("help: did you mean 'cvm.relu'?", CliRun.Of("opt", path).Error);
    }

    [Fact]
    public void All_attribute_mistakes_of_an_operation_are_told_at_once_each_at_its_place()
    {
        string error = Opt(
            "  @w: f32[1, 1, 3, 3] = random(1)\n  %0 = nn.conv2d(%image, @w) {kernal = [3, 3], strides = [0, 1]}\n  return %0");
        Assert.Contains("error CML0307: nn.conv2d: unknown attribute 'kernal'\n  --> net.cml:3:31\n", error);
        Assert.Contains("error CML0307: nn.conv2d: attribute 'strides' = [0, 1]: below 1\n  --> net.cml:3:48\n", error);
        Assert.Contains("error CML0307: nn.conv2d: attribute 'kernel' is missing\n  --> net.cml:3:8\n", error);
    }

    [Fact]
    public void A_second_definition_tells_where_the_first_stands() => Assert.Contains(
        "error CML0304: %0 is defined twice\n  --> net.cml:3:3\n   |   %0 = nn.tanh(%x)\n   |   ^^\n"
        + "  help: the first stands at net.cml:2:3\n",
        Opt("  %0 = nn.relu(%x)\n  %0 = nn.tanh(%x)\n  return %0"));

    [Fact]
    public void A_name_that_is_used_too_early_is_not_defined_twice()
    {
        string error = Opt("  %0 = nn.relu(%1)\n  %1 = nn.tanh(%x)\n  return %1");
        Assert.Contains("error CML0303: %1 is not defined before it is used", error);
        Assert.DoesNotContain("twice", error);
    }

    [Fact]
    public void What_nothing_reads_is_a_warning()
    {
        const string Text = "graph @g(%x: f32[2], %y: f32[2]) {\n  @w: f32[2] = [1, 2]\n  %0 = nn.relu(%x)\n  return %0\n}\n";
        string path = _folder.Write("unused.cml", Text);
        var run = CliRun.Of("opt", path);
        Assert.Equal(0, run.Exit);
        Assert.Contains("warning CML0314: input %y is not used\n  --> unused.cml:1:22\n", run.Error);
        Assert.Contains("warning CML0314: constant @w is not used\n  --> unused.cml:2:3\n", run.Error);
    }

    [Fact]
    public void A_long_line_is_cut_around_the_mistake()
    {
        string operands = string.Join(", ", Enumerable.Repeat("%x", 60));
        string error = Opt($"  %0 = nn.concat({operands}, %oops, {operands})\n  return %0");
        string shown = error.Split('\n').First(line => line.Contains("%oops,", StringComparison.Ordinal));
        Assert.InRange(shown.Length, 40, 140);
    }

    private string Opt(string body)
    {
        string image = body.Contains("%image", StringComparison.Ordinal) ? ", %image: f32[1, 1, 4, 4]" : "";
        return CliRun.Of("opt", _folder.Write("net.cml", $"graph @g(%x: f32[1, 2]{image}) {{\n{body}\n}}\n")).Error;
    }
}
