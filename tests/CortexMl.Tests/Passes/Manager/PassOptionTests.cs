using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

public sealed class PassOptionTests
{
    private static readonly PassInfo s_info = new("skip", "Skips layers", Level.Float, Level.Float,
        new PassOption("names", PassOptionKind.List, "", "layers"),
        new PassOption("kinds", PassOptionKind.List, "conv", "rows") { Choices = ["conv", "dense"] },
        new PassOption("scales", PassOptionKind.Path, "", "a table"));

    [Fact]
    public void A_list_has_words_between_commas()
    {
        Assert.Equal(["conv0", "fc 1"], Options(("names", "conv0, fc 1,")).List("names"));
        Assert.Equal(["conv"], Options().List("kinds"));
        Assert.Empty(Options().List("names"));
    }

    [Fact]
    public void A_word_that_a_list_does_not_allow_is_told() =>
        Assert.Equal("pass 'skip': option 'kinds=conv,pool': 'pool' is none of conv, dense", Problem(("kinds", "conv,pool")));

    [Fact]
    public void A_path_starts_at_the_folder_and_has_to_be_there()
    {
        using var folder = new TemporaryFolder();
        folder.Write("scales.txt", "1");
        var options = new PassOptions(s_info, new Dictionary<string, string> { ["scales"] = "scales.txt" }, folder[""]);
        Assert.Equal("1", File.ReadAllText(options.Path("scales")!));
        Assert.Null(Options().Path("scales"));
        Assert.Equal("pass 'skip': option 'scales=nowhere.txt': there is no such file", Problem(("scales", "nowhere.txt")));
    }

    [Fact]
    public void A_value_that_needs_quotes_is_printed_in_them() =>
        Assert.Equal("{names=\"a,b\"}", Options(("names", "a,b")).ToString());

    [Fact]
    public void A_default_that_is_spelled_is_not_given()
    {
        Assert.False(Options(("kinds", "conv")).IsGiven("kinds"));
        Assert.True(Options(("kinds", "dense")).IsGiven("kinds"));
    }

    private static PassOptions Options(params (string Name, string Value)[] given) =>
        new(s_info, given.ToDictionary(g => g.Name, g => g.Value));

    private static string Problem((string, string) given) =>
        Assert.Single(Assert.Throws<DiagnosticException>(() => Options(given)).Diagnostics).Message;
}
