using System.Reflection;
using System.Text.RegularExpressions;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>Core has no cycle between its folders: it can be read from front to back.</summary>
public sealed partial class CoreFolderTests
{
    private const string Core = "src/CortexMl.Core";

    private static readonly string[] s_folders =
        ["Diagnostics", "Numerics", "Files", "Tensors", "Ir", "Ops", "Analysis", "Text", "Passes"];

    private static readonly FolderOrder s_order = new(Assembly.Load("CortexMl.Core"), "CortexMl", s_folders);

    private static readonly FolderOrder s_planted =
        new(typeof(CoreFolderTests).Assembly, "CortexMl.Tests.Architecture.Planted", "Low", "High");

    private static IEnumerable<string> Sources => Product.TextFiles(".cs")
        .Where(f => f.StartsWith(Core + "/", StringComparison.Ordinal) && !f.Contains("/Generated/", StringComparison.Ordinal));

    [Fact]
    public void Every_folder_has_its_place_in_the_order() =>
        Assert.Equal(s_folders.Order(StringComparer.Ordinal), Sources.Select(Folder).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public void Compiled_code_uses_its_own_folder_and_the_ones_before_it() => Assert.Empty(s_order.Violations());

    [Fact]
    public void Sources_spell_their_own_folder_and_the_ones_before_it() => Assert.Empty(Sources.SelectMany(file =>
        s_order.Violations(Folder(file), Text(file)).Select(used => $"{file} uses {used}")));

    /// <summary>The checks above speak of namespaces. A part of a generated class stands beside the generated folder.</summary>
    [Fact]
    public void A_namespace_is_its_folder() => Assert.DoesNotContain(Sources, file =>
        Namespace().Match(Text(file)).Groups["name"].Value.Replace('.', '/') != $"CortexMl{Path.GetDirectoryName(file)![Core.Length..]}");

    [Fact]
    public void Every_way_to_use_a_later_folder_is_found_without_a_using() => Assert.Equal(
        [
            "Low.Attributed uses High.MarkAttribute", "Low.Caller uses High.Thing", "Low.Catcher uses High.ThingException",
            "Low.Child uses High.Thing", "Low.Closure uses High.Thing", "Low.Constrained`1 uses High.Thing", "Low.Holder uses High.Thing",
            "Low.Lists uses High.Thing",
        ],
        s_planted.Violations());

    [Theory]
    [InlineData("using CortexMl.Passes;\n", "Passes")]
    [InlineData("using static CortexMl.Passes.PassManager;\n", "Passes")]
    [InlineData("using Manager = CortexMl.Passes.PassManager;\n", "Passes")]
    [InlineData("using CortexMl.Diagnostics;\n", "")]
    [InlineData("int x = Passes.PassManager.Most + CortexMl.Text.TextParser.Most;", "Passes Text")]
    [InlineData("int x = Text.Length + graph.Passes.PassManager + Tensors.Shape.Most;", "")]
    public void A_later_folder_that_a_source_spells_is_found(string source, string folders) =>
        Assert.Equal(folders, string.Join(' ', s_order.Violations("Ir", source)));

    private static string Folder(string file) => file.Split('/')[2];

    private static string Text(string file) => File.ReadAllText(Repository.Path(file.Split('/')));

    [GeneratedRegex(@"^namespace (?<name>[\w.]+?)(\.Generated)?;", RegexOptions.Multiline)]
    private static partial Regex Namespace();
}
