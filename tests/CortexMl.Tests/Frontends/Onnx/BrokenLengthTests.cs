using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Loading;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx;

/// <summary>Protocol buffers whose lengths lie.</summary>
public sealed class BrokenLengthTests
{
    [Theory]
    // the graph, of one byte: a node begins there, and its length, 2^64 - 1, is read behind it
    [InlineData("3a01" + "0a" + "ffffffffffffffffff01", "a field of 18446744073709551615 bytes does not fit its message")]
    // the same with a length that fits the file
    [InlineData("3a01" + "0a" + "02" + "0000", "a field of 2 bytes does not fit its message")]
    // a number of several bytes that ends behind its message
    [InlineData("3a02" + "0880" + "8001" + "0800", "a number reaches beyond its message")]
    [InlineData("3a7f", "a field of 127 bytes does not fit its message")]
    [InlineData("3affffffffffffffff7f", "a field of 9223372036854775807 bytes does not fit its message")]
    public void A_length_that_reaches_beyond_its_message_is_told(string bytes, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "model.onnx");
        File.WriteAllBytes(path, Convert.FromHexString(bytes));
        var error = Assert.Throws<DiagnosticException>(() => ModelLoader.Load(path));
        Assert.Equal(FrontendCodes.ModelMalformed, error.Diagnostics[0].Code);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
