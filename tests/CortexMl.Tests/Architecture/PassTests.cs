using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Passes;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

public sealed class PassTests
{
    /// <summary>Passes that need what a text cannot carry, and the tests that hold their cases.</summary>
    private static readonly Dictionary<string, Type> s_testedElsewhere = new(StringComparer.Ordinal)
    {
        ["calibrate"] = typeof(Passes.Calibrate.CalibrateTests),
    };

    public static TheoryData<string> Names =>
        [.. PassTable.Factories.Select(create => create().Info.Name).Except(s_testedElsewhere.Keys, StringComparer.Ordinal)];

    /// <summary>They lie in golden/passes, in a file named after the pass or in several whose names start with it.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Every_pass_has_golden_cases_of_its_own(string pass)
    {
        var files = GoldenFolders.Files(Repository.Path("golden", "passes"), new DiagnosticBag())
            .Where(file => IsOf(pass, Path.GetFileNameWithoutExtension(file)));
        Assert.Contains(files.SelectMany(file => GoldenFile.Read(file).Cases), test => Runs(test, pass));
    }

    [Fact]
    public void Names_are_kebab_case_and_differ()
    {
        var infos = PassTable.Factories.Select(create => create().Info).ToList();
        Assert.All(infos, info => Assert.Matches("^[a-z]+(-[a-z]+)*$", info.Name));
        Assert.Equal(infos.Count, infos.Select(info => info.Name).Distinct(StringComparer.Ordinal).Count());
    }

    private static bool IsOf(string pass, string file) => file == pass || file.StartsWith(pass + "-", StringComparison.Ordinal);

    private static bool Runs(GoldenCase test, string pass)
    {
        const string Option = "--passes=";
        return test.Command.Where(word => word.StartsWith(Option, StringComparison.Ordinal))
            .Any(word => Pipeline.Parse(word[Option.Length..]).Steps.Any(step => step.Pass == pass));
    }
}
