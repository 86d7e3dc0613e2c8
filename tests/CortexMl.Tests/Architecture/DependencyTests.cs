using System.Reflection;
using System.Xml.Linq;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>
/// Core ← {Frontends, Data, Cvm, Engines, Passes} ← CortexMl ← Serve ← Cli, Cvm ← Chain ← CortexMl, and Chain ← Evm ← Cli.
/// Siblings do not see each other.
/// </summary>
public sealed class DependencyTests
{
    /// <summary>Folder of a project, and the projects that its file may reference.</summary>
    public static TheoryData<string, string[]> References => new()
    {
        { "src/CortexMl.Core", [] },
        { "src/CortexMl.Frontends", ["CortexMl.Core"] },
        { "src/CortexMl.Data", ["CortexMl.Core"] },
        { "src/CortexMl.Cvm", ["CortexMl.Core"] },
        { "src/CortexMl.Engines", ["CortexMl.Core"] },
        { "src/CortexMl.Chain", ["CortexMl.Core", "CortexMl.Cvm"] },
        { "src/CortexMl.Evm", ["CortexMl.Chain"] },
        { "passes", ["CortexMl.Core"] },
        { "passes/Samples/FoldSquares", ["CortexMl.Core"] },
        { "passes/Samples/EnergyThreshold", ["CortexMl.Passes"] },
        {
            "src/CortexMl",
            [
                "CortexMl.Chain", "CortexMl.Core", "CortexMl.Cvm", "CortexMl.Data", "CortexMl.Engines", "CortexMl.Frontends",
                "CortexMl.Passes",
            ]
        },
        { "src/CortexMl.Serve", ["CortexMl"] },
        { "src/CortexMl.Cli", ["CortexMl", "CortexMl.Evm", "CortexMl.Serve"] },
        { "src/CortexMl.Testing", ["CortexMl"] },
    };

    [Theory]
    [MemberData(nameof(References))]
    public void Project_references_only_what_the_rule_allows(string folder, string[] allowed) =>
        Assert.Equal(allowed,
            Items(folder, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal));

    [Fact]
    public void The_rule_covers_every_project_of_the_product()
    {
        var known = References.Select(row => Repository.Path(((string)((object[])row)[0]).Split('/'))).Order(StringComparer.Ordinal);
        var found = new[] { "src", "passes" }.SelectMany(top =>
            Directory.EnumerateFiles(Repository.Path(top), "*.csproj", SearchOption.AllDirectories));
        Assert.Equal(known, found.Select(file => Path.GetDirectoryName(file)!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("CortexMl.Frontends")]
    [InlineData("CortexMl.Data")]
    [InlineData("CortexMl.Cvm")]
    [InlineData("CortexMl.Engines")]
    [InlineData("CortexMl.Passes")]
    public void Sibling_uses_types_of_core_alone(string assembly) =>
        Assert.Equal(["CortexMl.Core"],
            Assembly.Load(assembly).GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name.StartsWith("CortexMl", StringComparison.Ordinal)));

    [Fact]
    public void Chain_uses_types_of_core_and_cvm() =>
        Assert.Equal(["CortexMl.Core", "CortexMl.Cvm"], Assembly.Load("CortexMl.Chain").GetReferencedAssemblies().Select(a => a.Name!)
            .Where(name => name.StartsWith("CortexMl", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    [Fact]
    public void Core_depends_on_the_parser_runtime_and_no_other_package()
    {
        Assert.Equal(["Antlr4.Runtime.Standard"], Items("src/CortexMl.Core", "PackageReference"));
        var used = Assembly.Load("CortexMl.Core").GetReferencedAssemblies().Select(a => a.Name!);
        Assert.Equal(["Antlr4.Runtime.Standard"], used.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Items(string folder, string kind)
    {
        string project = Assert.Single(Directory.EnumerateFiles(Repository.Path(folder.Split('/')), "*.csproj"));
        return XDocument.Load(project).Descendants(kind).Select(item => item.Attribute("Include")!.Value.Replace('\\', '/'));
    }
}
