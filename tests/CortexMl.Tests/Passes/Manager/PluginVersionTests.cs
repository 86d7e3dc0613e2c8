using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

/// <summary>A plugin that was built against another version is told apart before anything of it runs.</summary>
public sealed class PluginVersionTests : IDisposable
{
    private static readonly Version s_own = typeof(Pass).Assembly.GetName().Version!;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("1.2.3", "1.2.3", true)]
    [InlineData("1.2.3", "1.3.0", true)]
    [InlineData("1.2.3", "2.0.0", false)]
    [InlineData("1.3.0", "1.2.9", false)]
    [InlineData("0.1.0", "0.1.1", true)]
    [InlineData("0.1.1", "0.1.0", false)]
    [InlineData("0.1.0", "0.2.0", false)]
    public void Versions_fit_as_semantic_versions_say(string built, string own, bool fits) =>
        Assert.Equal(fits, PassPlugin.Fits(Version.Parse(built), Version.Parse(own)));

    [Fact]
    public void A_plugin_of_a_newer_version_is_refused_with_what_to_rebuild()
    {
        var newer = new Version(s_own.Major + 1, 2, 3, 0);
        string plugin = Plugin("Mine", newer, "public class P : CortexMl.Passes.Pass;");
        var found = Assert.Single(Assert.Throws<DiagnosticException>(() => PassTable.Registry().LoadPlugin(plugin)).Diagnostics);
        string own = s_own.ToString(3);
        Assert.Equal(("CML0908", $"'{plugin}' was built against CortexMl.Core {newer.ToString(3)}; this is {own}"),
            (found.Code, found.Message));
        Assert.Equal($"rebuild Mine with packages CortexMl.* of version {own}, or use cortexml {newer.ToString(3)}", found.Hint);
    }

    [Fact]
    public void A_plugin_may_have_a_name_and_a_version_like_ours()
    {
        string helper = Emit("CortexMl.Mine", new Version(9, 0, 0, 0), "public class Helper;");
        string plugin = Emit("Other", new Version(1, 0, 0, 0), "public class P { public Helper? H; }", helper);
        Assert.EndsWith("holds no pass",
            Assert.Single(Assert.Throws<DiagnosticException>(() => PassTable.Registry().LoadPlugin(plugin)).Diagnostics).Message);
    }

    private string Plugin(string name, Version core, string source) => Emit(name, new Version(1, 0, 0, 0), source,
        Emit("CortexMl.Core", core, "namespace CortexMl.Passes { public abstract class Pass; }"));

    private string Emit(string name, Version version, string source, params string[] references)
    {
        string runtime = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "System.Runtime.dll");
        var compilation = CSharpCompilation.Create(name,
            [CSharpSyntaxTree.ParseText($"[assembly: System.Reflection.AssemblyVersion(\"{version}\")]\n{source}")],
            [.. references.Append(typeof(object).Assembly.Location).Append(runtime).Select(file => MetadataReference.CreateFromFile(file))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        string path = _folder.Write($"{name}.dll", []);
        var emitted = compilation.Emit(path);
        Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics));
        return path;
    }
}
