using System.Net.Sockets;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Files;

/// <summary>What a compiled folder says when its files are not those that were written together.</summary>
public sealed class ManifestTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public ManifestTests() => Assert.Equal(0, _tiny.Compile().Exit);

    public void Dispose() => _tiny.Dispose();

    public static TheoryData<string> Readers =>
        ["check OUT", "run OUT --data DATA", "eval OUT --data DATA --labels LABELS", "verify OUT --random 1", "print OUT",
        "bench OUT --threads 1", "chain pack OUT -o PACKAGE", "chain contract OUT", "chain input OUT --data DATA",
        "chain simulate OUT --data DATA", "chain output OUT [0]"];

    [Theory]
    [MemberData(nameof(Readers))]
    public void Every_reader_refuses_a_scale_of_another_model(string line)
    {
        string io = Path.Combine(_tiny.Out, "model.io.json");
        File.WriteAllText(io, Regex.Replace(File.ReadAllText(io), "\"scale\": [0-9.]+", "\"scale\": 99"));
        var run = Call(line);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0108: 'model.io.json' is not the file that was written together with the others", run.Error);
        Assert.Contains("--accept-edited", run.Error);
        Assert.Equal(0, Call(line + " --accept-edited").Exit);
    }

    [Fact]
    public void Every_file_that_is_not_as_it_was_is_named()
    {
        File.Delete(Path.Combine(_tiny.Out, "bounds.json"));
        File.AppendAllText(Path.Combine(_tiny.Out, "params"), "x");
        string error = Call("check OUT").Error;
        Assert.Contains("'bounds.json' is missing", error);
        Assert.Contains("'params' is not the file", error);
    }

    [Fact]
    public void A_calibration_file_may_be_edited_and_files_of_mine_may_stand_beside()
    {
        File.AppendAllText(Path.Combine(_tiny.Out, "model.calibration.json"), "\n");
        File.WriteAllText(Path.Combine(_tiny.Out, "mine.txt"), "mine");
        Assert.Equal(0, Call("check OUT").Exit);
    }

    [Fact]
    public void A_folder_without_a_manifest_is_read_as_it_is()
    {
        File.Delete(Path.Combine(_tiny.Out, FolderManifest.FileName));
        File.Delete(Path.Combine(_tiny.Out, "bounds.json"));
        Assert.Equal(0, Call("check OUT").Exit);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("{\"files\": {\"../secret\": {\"size\": 1, \"sha256\": \"\"}}, \"pending\": []}")]
    [InlineData("{\"files\": {\"/etc/hostname\": {\"size\": 1, \"sha256\": \"\"}}, \"pending\": []}")]
    [InlineData("{\"files\": {}, \"pending\": {}}")]
    [InlineData("{\"files\": {}, \"pending\": [\"../x\"]}")]
    public void A_manifest_that_is_none_is_refused(string text)
    {
        File.WriteAllText(Path.Combine(_tiny.Out, FolderManifest.FileName), text);
        Assert.Contains("error CML0108: the manifest of", Call("check OUT").Error);
    }

    [Fact]
    public void The_manifest_is_the_same_on_every_run_and_knows_no_clock()
    {
        string path = Path.Combine(_tiny.Out, FolderManifest.FileName), first = File.ReadAllText(path);
        Assert.Equal(0, _tiny.Compile().Exit);
        Assert.Equal(first, File.ReadAllText(path));
        Assert.DoesNotContain("calibration", first);
        Assert.StartsWith("{\n  \"format\": 1,\n  \"files\": {\n    \"bounds.json\": {\n      \"size\": ", first);
    }

    [Fact]
    public void Two_commands_that_write_into_one_folder_keep_both_sets_checked()
    {
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Out, "-o", _tiny.Out).Exit);
        Assert.Equal(0, Call("check OUT").Exit);
        File.AppendAllText(Path.Combine(_tiny.Out, "symbol"), " ");
        Assert.Contains("'symbol' is not the file", Call("check OUT").Error);
    }

    [Fact]
    public void Another_command_does_not_finish_what_was_left_unfinished()
    {
        string other = _tiny.Folder["other"];
        Assert.Equal(0, CliRun.Of("compile", _tiny.Model, "-o", other, "--random-data", "4").Exit);
        string manifest = Path.Combine(_tiny.Out, FolderManifest.FileName);
        File.WriteAllText(manifest, "{\"files\": {}, \"pending\": [\"model.io.json\", \"params\", \"symbol\"]}");
        Assert.Contains("CML0107", Call("check OUT").Error);
        Assert.Equal(0, CliRun.Of("chain", "pack", other, "-o", _tiny.Out).Exit);
        Assert.Contains("run the command that writes model.io.json, params, symbol again", Call("check OUT").Error);
        Assert.Equal(0, _tiny.Compile().Exit);
        Assert.Equal(0, Call("check OUT").Exit);
    }

    [Theory]
    [InlineData("check PACKAGE/data")]
    [InlineData("run PACKAGE/data --data DATA --input-scale 127")]
    [InlineData("chain pack PACKAGE/data -o AGAIN")]
    [InlineData("check OUT/symbol OUT/params")]
    [InlineData("print OUT/model.cml")]
    [InlineData("opt OUT/model.cml --passes dead-code")]
    public void A_part_of_a_folder_is_looked_at_as_the_whole_is(string line)
    {
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Out, "-o", _tiny.Folder["package"]).Exit);
        Assert.Equal(0, Call(line).Exit);
        File.AppendAllText(_tiny.Folder["package/data.torrent"], " ");
        File.AppendAllText(Path.Combine(_tiny.Out, "bounds.json"), " ");
        Assert.Contains("CML0108", Call(line).Error);
    }

    [Fact]
    public void What_is_written_while_it_is_read_is_refused()
    {
        var error = Assert.Throws<DiagnosticException>(() =>
            FolderManifest.Guard(_tiny.Out, acceptsEdited: false, () => _tiny.Compile("--output-precision", "8")));
        Assert.Contains("was written while it was read", error.Message);
    }

    private CliRun Call(string line) => CliRun.Of([.. line.Split(' ').Select(word => word switch
    {
        "OUT" => _tiny.Out, "DATA" => _tiny.Data, "LABELS" => _tiny.Labels, "PACKAGE" => _tiny.Folder["package"],
        "AGAIN" => _tiny.Folder["again"],
        _ =>
            word.Replace("OUT/", _tiny.Out + "/", StringComparison.Ordinal)
                .Replace("PACKAGE/", _tiny.Folder["package"] + "/", StringComparison.Ordinal),
    })]);

    [SkippableTheory]
    [InlineData("mkfifo symbol", "a pipe")]
    [InlineData("ln -s /dev/null symbol", "a device")]
    [InlineData("mkdir symbol", "a folder")]
    public void What_stands_in_place_of_a_file_is_named(string make, string kind)
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the kinds are told on Linux");
        File.Delete(Path.Combine(_tiny.Out, "symbol"));
        Assert.Equal(0, CliProcess.Shell($"cd '{_tiny.Out}' && {make}").Exit);
        var run = Call("check OUT");
        Assert.Equal(2, run.Exit);
        Assert.Contains($"error CML0108: 'symbol' is {kind}, not the file that was written together with the others", run.Error);
        Assert.DoesNotContain("missing", run.Error);
    }

    [SkippableFact]
    public void A_socket_is_no_device()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "the kinds are told on Linux");
        string symbol = Path.Combine(_tiny.Out, "symbol");
        File.Delete(symbol);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(symbol));
        Assert.Contains("'symbol' is a socket, not the file", Call("check OUT").Error);
        File.Delete(Path.Combine(_tiny.Out, FolderManifest.FileName));
        Assert.Contains("error CML0102: '" + symbol + "' is a socket, not a file", Call("check OUT").Error);
    }
}
