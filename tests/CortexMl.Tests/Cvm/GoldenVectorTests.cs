using CortexMl.Conformance;
using CortexMl.Engines.Interpreter;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cvm;

/// <summary>
/// Our own vectors in golden/cvm, whose expected outputs tools/vectors computes from a second definition of every operator.
/// </summary>
public sealed class GoldenVectorTests
{
    public static TheoryData<string> Cases => new(Folders.Select(folder => Path.GetFileName(folder)!));

    private static IEnumerable<string> Folders =>
        Directory.EnumerateDirectories(Repository.Path("golden", "cvm")).Order(StringComparer.Ordinal);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Vector_agrees_in_both_profiles(string name)
    {
        foreach (var profile in Enum.GetValues<InterpreterProfile>())
            Assert.Empty(new CaseRunner(profile).Run(Repository.Path("golden", "cvm", name)));
    }
}
