using CortexMl.Survey;
using CortexMl.Survey.Networks;
using Xunit;

namespace CortexMl.Tests.Survey;

/// <summary>The survey's command line.</summary>
public sealed class SurveyOptionTests
{
    [Theory]
    [InlineData("--wilde x", "there is no option '--wilde'; did you mean '--wild'?")]
    [InlineData("--limit 0", "--limit 0: a whole number from 1 is needed")]
    [InlineData("--limit many", "--limit many: a whole number from 1 is needed")]
    [InlineData("--only", "--only needs a value")]
    [InlineData("no/such/folder", "there is no folder 'no/such/folder'")]
    [InlineData("--wild no/such", "there is no folder 'no/such'")]
    [InlineData("--float-speed", "--float-speed needs files")]
    public void A_mistake_is_told(string line, string problem) =>
        Assert.Equal([problem], Options.Parse(line.Split(' ')).Problems);

    [Fact]
    public void Mistakes_are_told_together() =>
        Assert.Equal(["there is no option '--fast'", "--samples -1: a whole number from 1 is needed"],
            Options.Parse(["--fast", "--samples", "-1"]).Problems);

    [Fact]
    public void A_pipeline_that_cannot_be_read_is_told_before_anything_runs() =>
        Assert.StartsWith("--passes: ", Assert.Single(Options.Parse(["--passes", "quantize{"]).Problems), StringComparison.Ordinal);

    [Fact]
    public void Names_are_a_list()
    {
        var (options, problems) = Options.Parse(["--only", "pfld,robot", "--only", "mjp_g1", "--limit", "20"]);
        Assert.Empty(problems);
        Assert.Equal(["pfld", "robot", "mjp_g1"], options.Only);
        Assert.Equal(20, options.Limit);
    }

    [Fact]
    public void Techniques_are_all_of_them_or_those_that_are_named()
    {
        Assert.Equal(Technique.All, Options.Parse(["--ablate"]).Options.Techniques);
        Assert.Equal(["one-scale", "no-wide"], Options.Parse(["--techniques", "one-scale,no-wide"]).Options.Techniques.Select(t => t.Name));
        Assert.StartsWith("there is no technique 'wide'; there are absmax, ",
            Assert.Single(Options.Parse(["--techniques", "wide"]).Problems), StringComparison.Ordinal);
    }
}
