using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Ir;

public sealed class GraphDigestTests
{
    [Theory]
    [InlineData("@g(", "@other(", true, true)]
    [InlineData("%x", "%data", false, true)]
    [InlineData("%y", "%z", false, true)]
    [InlineData("@c", "@d", false, true)]
    [InlineData("[1, 2]", "[2, 1]", false, false)]
    [InlineData("3.5", "3.25", false, false)]
    [InlineData("nn.add(", "nn.sub(", false, false)]
    [InlineData("(%y, @c)", "(@c, %y)", false, false)]
    [InlineData("slope = 0.5", "slope = 0.25", false, false)]
    public void A_digest_is_of_names_only_where_they_count(string old, string changed, bool isSameNamed, bool isSameContent)
    {
        const string Text = """
            graph @g(%x: f32[1, 2]) -> f32[1, 2] {
              @c: f32[1, 1] = [3.5]
              %y = nn.leaky_relu(%x) {slope = 0.5} : f32[1, 2]
              %sum = nn.add(%y, @c) : f32[1, 2]
              return %sum
            }
            """;
        Graph before = TextParser.ParseOne(Text), after = TextParser.ParseOne(Text.Replace(old, changed, StringComparison.Ordinal));
        Assert.Equal(isSameNamed, GraphDigest.OfNamed(before) == GraphDigest.OfNamed(after));
        Assert.Equal(isSameContent, GraphDigest.OfContent(before) == GraphDigest.OfContent(after));
    }
}
