using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Which operations a word of a person means: of a command line a pattern or a row, of a scheme one name.</summary>
public sealed class RestoreNamesTests
{
    private const string Network = """
        graph @g(%x: f32[1, 2]) {
          %"op:nn.relu" = nn.sigmoid(%x)
          %y = nn.relu(%"op:nn.relu")
          return %y
        }
        """;

    [Theory]
    [InlineData("op:nn.relu", null, "nn.relu")]
    [InlineData("op:nn.relu", "x.scheme.json", "nn.sigmoid")]
    [InlineData("op:nn.*", null, "nn.sigmoid, nn.relu")]
    [InlineData("%y", null, "nn.relu")]
    [InlineData("*", null, "nn.sigmoid, nn.relu")]
    public void A_word_means_operations(string word, string? file, string expected)
    {
        var (found, problems) = Of(word, file);
        Assert.Equal(expected, string.Join(", ", found.Select(o => o.Spec.Name)));
        problems.ThrowIfErrors();
    }

    [Theory]
    [InlineData("%z", null, "restore-float: no operation of the network is called '%z'")]
    [InlineData("%x", null, "restore-float: '%x' is an input of the network, which is no operation")]
    [InlineData("z", "x.scheme.json", "'restore' of the scheme: no operation of the network is called 'z'")]
    public void A_word_that_means_none_is_refused(string word, string? file, string told)
    {
        var (found, problems) = Of(word, file);
        Assert.Empty(found);
        Assert.Equal(told, Assert.Single(Assert.Throws<DiagnosticException>(problems.ThrowIfErrors).Diagnostics).Message);
    }

    private static (IReadOnlyList<Operation> Found, DiagnosticBag Problems) Of(string word, string? file)
    {
        var graph = TextParser.ParseOne(Network);
        var problems = new DiagnosticBag();
        return (new RestoreNames(graph, [.. graph.Operations], Names.Of(graph)).Of(word, file, problems), problems);
    }
}
