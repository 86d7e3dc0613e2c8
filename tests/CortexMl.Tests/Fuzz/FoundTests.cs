using CortexMl.Chain.Words;
using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Fuzzing;

/// <summary>Inputs that the fuzzer found, of readers without tests of their own beside them.</summary>
public sealed class FoundTests
{
    [Theory]
    [InlineData("[-1]", "-1 does not fit uint256")]
    [InlineData("[1, \"0x10000000000000000000000000000000000000000000000000000000000000000\"]", "115792089237316195423570985008687907853269984665640564039457584007913129639936 does not fit uint256")]
    public void Words_out_of_range_are_refused(string text, string message) =>
        Assert.Equal($"error CML1011: {message}", Assert.Throws<DiagnosticException>(() => ChainWords.Parse(text)).Message);
}
