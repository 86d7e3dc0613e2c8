using System.Globalization;
using System.Text.Json;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>The Containerfile, read as an engine reads it: where none is at hand, it is not built.</summary>
public sealed class ContainerfileTests
{
    private static readonly string[] s_instructions = ["ARG", "FROM", "COPY", "RUN", "ENV", "WORKDIR", "USER", "ENTRYPOINT"];

    private readonly string[][] _lines = [.. File.ReadLines(Repository.Path("tools", "release", "Containerfile"))
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' '))];

    [Fact]
    public void Every_line_is_an_instruction_and_names_come_before_they_are_used()
    {
        Assert.All(_lines, line => Assert.Contains(line[0], s_instructions));
        var arguments = new HashSet<string>(StringComparer.Ordinal);
        var stages = new HashSet<string>(StringComparer.Ordinal);
        foreach (string[] line in _lines)
        {
            if (line[0] == "ARG") arguments.Add($"${{{line[1].Split('=')[0]}}}");
            if (line[0] == "FROM") Assert.Contains(line[1], arguments);
            if (line is ["FROM", _, "AS", var stage]) stages.Add(stage);
            if (line[0] == "COPY" && line[1].Split('=') is ["--from", var source]) Assert.Contains(source, stages);
        }
        Assert.Equal("ENTRYPOINT", _lines[^1][0]);
        string[] entry = JsonSerializer.Deserialize<string[]>(string.Join(' ', _lines[^1].Skip(1)))!;
        Assert.Equal(["/opt/cortexml/cortexml"], entry);
    }

    /// <summary>By number: a cluster that runs nobody as root looks at it.</summary>
    [Fact]
    public void It_does_not_run_as_root()
    {
        string user = _lines.Last(line => line[0] == "USER")[1];
        Assert.All(user.Split(':'), id => Assert.True(int.Parse(id, CultureInfo.InvariantCulture) > 0));
    }

    [Fact]
    public void What_was_built_outside_is_left_out()
    {
        string[] left = File.ReadAllLines(Repository.Path("tools", "release", "Containerfile.dockerignore"));
        Assert.All((string[])["**/bin", "**/obj"], folder => Assert.Contains(folder, left));
    }

    [Fact]
    public void What_it_copies_and_publishes_is_there()
    {
        foreach (string[] line in _lines.Where(line => line[0] == "COPY" && !line[1].StartsWith("--", StringComparison.Ordinal)))
            Assert.All(line[1..^1], source => Assert.True(Path.Exists(Repository.Path(source))));
        string project = _lines.Single(line => line is ["RUN", "dotnet", "publish", ..])[3];
        Assert.True(Directory.Exists(Repository.Path(project["/source/".Length..])));
    }

    [Fact]
    public void Its_images_are_of_the_version_that_the_repository_needs()
    {
        using var sdk = JsonDocument.Parse(File.ReadAllText(Repository.Path("global.json")));
        string version = sdk.RootElement.GetProperty("sdk").GetProperty("version").GetString()!;
        var images = _lines.Where(line => line[0] == "ARG").Select(line => line[1].Split(':')[1]).ToList();
        Assert.Equal(2, images.Count);
        Assert.All(images, tag => Assert.Equal(string.Join('.', version.Split('.').Take(2)), tag));
    }
}
