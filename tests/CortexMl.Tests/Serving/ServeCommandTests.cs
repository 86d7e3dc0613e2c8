using System.Diagnostics;
using System.Text.Json.Nodes;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Serving;

/// <summary>The command as a process: it finds ASP.NET Core without having asked for it, and ends in order.</summary>
public sealed class ServeCommandTests
{
    [SkippableTheory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task The_page_is_there_until_the_command_is_interrupted(string signal)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs signals");
        using var folder = new TemporaryFolder();
        using var process = CliProcess.Start([.. CliProcess.Listening(), "serve"], folder: folder.Path);
        string address = (await process.StandardOutput.ReadLineAsync())!;
        using var http = new HttpClient();
        Assert.StartsWith("<!doctype html>", await http.GetStringAsync(new Uri(address)), StringComparison.Ordinal);
        using (var kill = Process.Start("kill", ["-" + signal, $"{process.Id}"])) await kill.WaitForExitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(0, process.ExitCode);
        Assert.StartsWith("open this address in a browser on this machine; jobs lie in 'cortexml-work'",
            await process.StandardError.ReadToEndAsync(CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal(["cortexml-work", "cortexml-work/jobs"], folder.Listing);
    }

    [Fact]
    public void The_command_starts_without_the_part_of_NET_that_serves_pages()
    {
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cortexml.runtimeconfig.json")))!;
        Assert.Equal("Microsoft.NETCore.App", (string)settings["runtimeOptions"]!["framework"]!["name"]!);
    }

    [Theory]
    [InlineData("--port", "70000", "error CML0934: --port 70000: a whole number from 0 to 65535 is needed")]
    [InlineData("--max-upload", "much", "error CML0940: --max-upload 'much' is no size")]
    public void What_cannot_be_is_refused(string option, string value, string message) =>
        Assert.StartsWith(message, CliRun.Of("serve", option, value).Error);
}
