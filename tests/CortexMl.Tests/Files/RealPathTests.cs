using CortexMl.Files;
using Xunit;

namespace CortexMl.Tests.Files;

public sealed class RealPathTests
{
    [Theory]
    [InlineData("weights.bin", true)]
    [InlineData("sub/weights.bin", true)]
    [InlineData("..weights", true)]
    [InlineData("", false)]
    [InlineData(".", false)]
    [InlineData("../weights.bin", false)]
    [InlineData("sub/../../weights.bin", false)]
    [InlineData("sub//weights.bin", false)]
    [InlineData("/etc/weights.bin", false)]
    [InlineData("C:weights.bin", false)]
    [InlineData("sub\\weights.bin", false)]
    [InlineData("weights.bin\0", false)]
    public void Only_plain_names_stay_inside(string path, bool stays) => Assert.Equal(stays, RealPath.StaysInside(path));
}
