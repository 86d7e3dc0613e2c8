using CortexMl.Diagnostics;
using CortexMl.Passes;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

public sealed class PipelineTests
{
    [Theory]
    [InlineData("")]
    [InlineData("canonicalize")]
    [InlineData("canonicalize,quantize{weights=per-channel,output=8},bound-check")]
    [InlineData("calibrate{method=percentile,value=99.9}")]
    [InlineData("calibrate{file=\"a, b.json\",note=\"say \\\"hi\\\"\"}")]
    public void Prints_back_what_was_written(string text) => Assert.Equal(text, Pipeline.Parse(text).ToString());

    [Fact]
    public void Spaces_and_line_breaks_between_tokens_are_ignored() =>
        Assert.Equal("a,b{x=1,y=2}", Pipeline.Parse(" a ,\n b { x = 1 , y = 2 } ").ToString());

    [Fact]
    public void Empty_braces_are_no_options() => Assert.Equal("a", Pipeline.Parse("a{}").ToString());

    [Theory]
    [InlineData("a,,b", "expected a pass name, found ','", 3)]
    [InlineData("a,", "expected a pass name, found the end", 3)]
    [InlineData("a b", "expected ',' or the end, found 'b'", 3)]
    [InlineData("a{x}", "expected '=', found '}'", 4)]
    [InlineData("a{x=1", "expected ',' or '}', found the end", 6)]
    [InlineData("a{x=\"1", "expected a closing '\"', found the end", 7)]
    [InlineData("a{x=1,x=2}", "option 'x' of pass 'a' is given twice", 8)]
    public void Says_where_reading_stopped(string text, string message, int column)
    {
        var found = Assert.Single(Assert.Throws<DiagnosticException>(() => Pipeline.Parse(text)).Diagnostics);
        Assert.Equal(("CML0901", message, column), (found.Code, found.Message, found.Location!.Column));
    }
}
