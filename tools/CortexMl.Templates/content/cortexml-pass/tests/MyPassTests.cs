using CortexMl.Testing;
using Xunit;

namespace MyPass.Tests;

public sealed class MyPassTests
{
    private static readonly GoldenSuite s_golden = GoldenSuite.In("golden", typeof(MyPass).Assembly);

    public static IEnumerable<object[]> Cases => s_golden.Cases;

    /// <summary>What the pass makes of a text, character by character.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Golden_case(string name) => s_golden.Check(name);

    /// <summary>What it makes computes the same numbers.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Keeps_the_function(string name) => s_golden.CheckFunction(name);
}
