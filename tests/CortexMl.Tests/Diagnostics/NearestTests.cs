using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Diagnostics;

public sealed class NearestTests
{
    private static readonly string[] s_commands = ["compile", "calibrate", "eval", "run", "opt", "bench", "print"];

    [Theory]
    [InlineData("complie", "compile")]
    [InlineData("evla", "eval")]
    [InlineData("op", "opt")]
    [InlineData("rnu", "run")]
    [InlineData("calibate", "calibrate")]
    [InlineData("benhc", "bench")]
    public void A_slip_of_the_fingers_finds_the_name(string typed, string meant) => Assert.Equal(meant, Nearest.To(typed, s_commands));

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("tomato")]
    [InlineData("oxx")]
    public void What_is_no_slip_finds_nothing(string typed) => Assert.Null(Nearest.To(typed, s_commands));

    [Fact]
    public void The_closest_name_wins_and_the_first_of_several() => Assert.Equal("relu6", Nearest.To("relu5", ["prelu", "relu6", "relu7"]));

    [Theory]
    [InlineData("evla", "did you mean 'eval'? commands: …")]
    [InlineData("tomato", "commands: …")]
    public void What_there_is_stands_behind_the_guess(string typed, string hint) =>
        Assert.Equal(hint, Nearest.Hint(typed, s_commands, "commands: …"));
}
