using CortexMl.Chain.Words;
using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Fuzzing;

/// <summary>Inputs that the fuzzer found, of readers without tests of their own beside them.</summary>
public sealed class FoundTests
{
    [Theory]
    [InlineData("[-1]", "a number of 0 bits below 0 does not fit uint256")]
    [InlineData("[1, \"0x10000000000000000000000000000000000000000000000000000000000000000\"]", "a number of 257 bits does not fit uint256")]
    public void Words_out_of_range_are_refused(string text, string message) =>
        Assert.Equal($"error CML1011: {message}", Assert.Throws<DiagnosticException>(() => ChainWords.Parse(text)).Message);
}
