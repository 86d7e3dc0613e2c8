using System.IO.Compression;
using System.Xml.Linq;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Packages;

/// <summary>What <c>dotnet pack</c> makes of what is built.</summary>
public sealed class PackageTests : IDisposable
{
    private static readonly string[] s_libraries =
    [
        "CortexMl", "CortexMl.Chain", "CortexMl.Core", "CortexMl.Cvm", "CortexMl.Data", "CortexMl.Engines", "CortexMl.Frontends",
        "CortexMl.Passes", "CortexMl.Testing",
    ];

    private readonly TemporaryFolder _folder = new();

    internal static bool IsBuilt =>
        File.Exists(Repository.Path("src", "CortexMl.Testing", "bin", "Release", "net10.0", "CortexMl.Testing.dll"));

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void Packages_say_what_they_are_and_are_the_same_bytes_again()
    {
        Skip.IfNot(IsBuilt, "packages are made of what a Release build made");
        Pack("first");
        string version = XDocument.Load(Repository.Path("Directory.Build.props")).Descendants("Version").Single().Value;
        string[] files = [.. Directory.EnumerateFiles(_folder["first"]).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];
        Assert.Equal(s_libraries.Append("CortexMl.Templates").Select(name => $"{name}.{version}.nupkg").Order(StringComparer.Ordinal),
            files.Where(f => !f.StartsWith("CortexMl.Cli.", StringComparison.Ordinal)));
        foreach (string name in s_libraries) IsWhole(name, version);
        IsTemplate(version);
        Pack("second");
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(_folder[$"first/{file}"]), File.ReadAllBytes(_folder[$"second/{file}"])));
    }

    /// <summary>An analyzer compares them with the code while it builds; without the files it is silent.</summary>
    [Fact]
    public void Every_package_says_what_is_public()
    {
        Assert.All(s_libraries, name =>
        {
            string folder = name == "CortexMl.Passes" ? Repository.Path("passes") : Repository.Path("src", name);
            string[] lines = [.. new[] { "Shipped", "Unshipped" }.SelectMany(of => Lines(Path.Combine(folder, $"PublicAPI.{of}.txt")))];
            Assert.Contains(lines, line => line.StartsWith("CortexMl.", StringComparison.Ordinal));
        });

        static IEnumerable<string> Lines(string file)
        {
            string[] lines = File.ReadAllLines(file);
            Assert.Equal("#nullable enable", lines[0]);
            Assert.Equal(lines[1..].Order(StringComparer.Ordinal).Distinct(), lines[1..]);
            return lines[1..];
        }
    }

    private void IsWhole(string name, string version)
    {
        using var package = ZipFile.OpenRead(_folder[$"first/{name}.{version}.nupkg"]);
        string[] entries = [.. package.Entries.Select(e => e.FullName)];
        string library = name == "CortexMl" ? "CortexMl.Library" : name;
        string[] files = ["README.md", "NOTICE", .. new[] { "dll", "pdb", "xml" }.Select(end => $"lib/net10.0/{library}.{end}")];
        Assert.Empty(files.Except(entries));
        var metadata = Metadata(package, name);
        string Of(string element) => metadata.Elements().Single(e => e.Name.LocalName == element).Value;
        Assert.Equal((version, "Apache-2.0", "README.md"), (Of("version"), Of("license"), Of("readme")));
        Assert.InRange(Of("description").Length, 40, 160);
        Assert.All(metadata.Descendants().Where(e => e.Name.LocalName == "dependency" && IsOurs(e)),
            e => Assert.Equal(version, e.Attribute("version")!.Value));
    }

    private void IsTemplate(string version)
    {
        using var package = ZipFile.OpenRead(_folder[$"first/CortexMl.Templates.{version}.nupkg"]);
        string[] entries = [.. package.Entries.Select(e => e.FullName)];
        string[] files =
            [".gitignore", ".github/workflows/test.yml", "nuget.config", "src/MyPass.cs", "golden/my-pass.cml", "tests/MyPassTests.cs"];
        Assert.Empty(files.Select(file => $"content/cortexml-pass/{file}").Except(entries));
        using var text = new StreamReader(package.GetEntry("content/cortexml-pass/.template.config/template.json")!.Open());
        Assert.Contains($"\"defaultValue\": \"{version}\"", text.ReadToEnd());
        Assert.Contains("Template", Metadata(package, "CortexMl.Templates").ToString());
    }

    private static XElement Metadata(ZipArchive package, string name)
    {
        using var nuspec = package.GetEntry($"{name}.nuspec")!.Open();
        return XDocument.Load(nuspec).Root!.Elements().Single(e => e.Name.LocalName == "metadata");
    }

    private static bool IsOurs(XElement dependency) => dependency.Attribute("id")!.Value.StartsWith("CortexMl", StringComparison.Ordinal);

    private void Pack(string folder)
    {
        var run = CliProcess.Run(["dotnet", "pack", Repository.Path("CortexMl.sln"), "-c", "Release", "--no-build", "-o", _folder[folder]],
            new Dictionary<string, string> { ["MSBUILDDISABLENODEREUSE"] = "1" });
        Assert.True(run.Exit == 0, run.Output + run.Error);
    }
}
