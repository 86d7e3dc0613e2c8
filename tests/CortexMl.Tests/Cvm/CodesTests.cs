using System.Reflection;
using CortexMl.Cvm;
using Xunit;

namespace CortexMl.Tests.Cvm;

public sealed class CodesTests
{
    [Fact]
    public void Every_code_has_a_title_and_stands_once()
    {
        var codes = typeof(CvmCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Where(f => f.IsLiteral)
            .Select(f => (string)f.GetValue(null)!).ToList();
        Assert.Equal(codes.Order(StringComparer.Ordinal), CvmCodes.Titles.Keys.Order(StringComparer.Ordinal));
    }
}
