using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

/// <summary>Pipelines with names, and edits of what stands left of them.</summary>
public sealed class PipelineEditTests
{
    private static readonly PassRegistry s_passes = new PassRegistry(
        ScriptedPass.Named("a"), ScriptedPass.Named("b", null, Level.Float, Level.Quant),
        ScriptedPass.Named("c", options: new PassOption("width", PassOptionKind.Int, "8", "bits")),
        Asking("early", before: "b"), Asking("late", after: "a"), ScriptedPass.Named("mine"))
        .WithPipeline("usual", Pipeline.Parse("a,c,a,b,c{width=4}"));

    [Theory]
    [InlineData("usual", "a,c,a,b,c{width=4}")]
    [InlineData("mine,usual", "mine,a,c,a,b,c{width=4}")]
    [InlineData("usual,mine@before:a", "mine,a,c,a,b,c{width=4}")]
    [InlineData("usual,mine@after:a", "a,c,a,mine,b,c{width=4}")]
    [InlineData("usual,mine@instead:a", "mine,c,mine,b,c{width=4}")]
    [InlineData("usual,-a", "c,b,c{width=4}")]
    [InlineData("usual,-c,c", "a,a,b,c")]
    [InlineData("usual,c{width=2}@instead", "a,c{width=2},a,b,c{width=2}")]
    [InlineData("usual,mine@before:b,-b,-c", "a,a,mine")]
    [InlineData("a,b,mine@before:b", "a,mine,b")]
    [InlineData("usual,early", "a,c,a,early,b,c{width=4}")]
    [InlineData("usual,late", "a,c,a,late,b,c{width=4}")]
    [InlineData("usual,early@before:a", "early,a,c,a,b,c{width=4}")]
    [InlineData("usual,-b,early", "a,c,a,c{width=4},early")]
    [InlineData("b,early", "b,early")]
    public void Edits_change_what_stands_left_of_them(string written, string resolved) =>
        Assert.Equal(resolved, s_passes.Resolve(Pipeline.Parse(written), Level.Float).ToString());

    [Fact]
    public void A_named_pipeline_starts_at_the_first_pass_that_fits_the_level() =>
        Assert.Equal("c{width=4}", s_passes.Resolve(Pipeline.Parse("usual"), Level.Quant).ToString());

    [Theory]
    [InlineData("usual,mine@before:d", "CML0907", "'mine@before:d': no pass 'd' stands to its left")]
    [InlineData("-a,usual", "CML0907", "'-a': no pass 'a' stands to its left")]
    [InlineData("usual,-ab", "CML0907", "'-ab': no pass 'ab' stands to its left; did you mean 'a'?")]
    [InlineData("usual{width=3}", "CML0907", "'usual' is a pipeline: it has no options and no place of its own")]
    [InlineData("usual,mine@instead", "CML0907", "'mine@instead': no pass 'mine' stands to its left")]
    [InlineData("usul", "CML0902", "no pass is named 'usul'; did you mean 'usual'?")]
    public void An_edit_of_what_is_not_there_is_told(string written, string code, string message)
    {
        var error = Assert.Throws<DiagnosticException>(() => s_passes.Resolve(Pipeline.Parse(written), Level.Float));
        var found = Assert.Single(error.Diagnostics);
        Assert.Equal((code, message), (found.Code, found.Message));
    }

    [Theory]
    [InlineData("a@inside:b", "'@inside' is no place")]
    [InlineData("a@before", "expected a pass behind '@before:', found the end")]
    [InlineData("-a{width=3}", "'-a{width=3}' takes a pass out: nothing but its name follows '-'")]
    [InlineData("-a@before:b", "'-a' takes a pass out: nothing but its name follows '-'")]
    public void A_place_that_means_nothing_is_told(string written, string message) =>
        Assert.Equal(message, Assert.Single(Assert.Throws<DiagnosticException>(() => Pipeline.Parse(written)).Diagnostics).Message);

    [Theory]
    [InlineData("usual,mine@before:a,-b")]
    [InlineData("usual,c{width=2}@instead")]
    [InlineData("c{width=2}@instead:a")]
    public void Edits_print_back_as_they_were_written(string text) => Assert.Equal(text, Pipeline.Parse(text).ToString());

    [Fact]
    public void Defaults_are_filled_in_and_read_back() =>
        Assert.Equal("a,c{width=8},c{width=4}", s_passes.WithDefaults(Pipeline.Parse("a,c,c{width=4}")).ToString());

    [Fact]
    public void A_pass_may_not_take_the_name_of_a_pipeline() =>
        Assert.Equal("CML0906", Assert.Single(Assert.Throws<DiagnosticException>(
            () => s_passes.Register(ScriptedPass.Named("usual"))).Diagnostics).Code);

    private static Func<Pass> Asking(string name, string? before = null, string? after = null) => () =>
        new ScriptedPass(new PassInfo(name, "Asks for a place", Level.Any, Level.Any) { Before = before, After = after }, (_, _) => { });
}
