using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Files;

/// <summary>What is no file is never replaced by one. Devices and pipes are made for the test, in its folder.</summary>
public sealed class OutputTargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public void A_device_is_written_to_and_stays_a_device()
    {
        string device = _folder["null"];
        Skip.IfNot(
            OperatingSystem.IsLinux() && CliProcess.Shell($"mknod '{device}' c 1 3").Exit == 0, "making a device needs root on Linux");
        AtomicFile.WriteText(device, "gone");
        Assert.Equal(FileKind.Device, FileKinds.Of(device));
        Assert.Equal(["null"], _folder.Listing);
    }

    [SkippableFact]
    public async Task A_pipe_gets_the_text_and_stays_a_pipe()
    {
        string pipe = _folder["pipe"];
        Skip.If(OperatingSystem.IsWindows() || CliProcess.Shell($"mkfifo '{pipe}'").Exit != 0, "needs named pipes");
        var read = Task.Run(() => CliProcess.Shell($"cat '{pipe}'").Output);
        AtomicFile.WriteText(pipe, "through");
        Assert.Equal("through", await read);
        if (OperatingSystem.IsLinux()) Assert.Equal(FileKind.Pipe, FileKinds.Of(pipe));
    }

    [Theory]
    [InlineData("/dev/stdout", "graph @g", "")]
    [InlineData("/dev/stderr", "", "graph @g")]
    public void The_standard_streams_have_names(string name, string output, string error)
    {
        if (OperatingSystem.IsWindows()) return;
        string model = _folder.Write("g.cml", "graph @g(%x: f32[2]) { return %x }\n");
        var run = CliProcess.Of("print", model, "-o", name);
        Assert.Equal(0, run.Exit);
        Assert.StartsWith(output, run.Output);
        Assert.StartsWith(error, run.Error);
    }

    [SkippableFact]
    public void A_link_to_the_standard_output_is_the_standard_output_and_appending_stays_appending()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "needs /proc");
        string model = _folder.Write("g.cml", "graph @g(%x: f32[2]) { return %x }\n"), log = _folder.Write("log.txt", "earlier\n"),
        first = _folder["first"], second = _folder["second"];
        File.CreateSymbolicLink(first, "/proc/self/fd/1");
        File.CreateSymbolicLink(second, "first");
        foreach (string target in (string[])[second, "/dev/fd/1", "/proc/self/fd/1", "/dev/stdout"])
            Assert.Equal(0, CliProcess.Shell($"{CliProcess.Quoted} print '{model}' -o '{target}' >> '{log}'").Exit);
        string text = File.ReadAllText(log);
        Assert.StartsWith("earlier\n", text);
        Assert.Equal(4, text.Split("graph @g").Length - 1);
        Assert.Equal(("/proc/self/fd/1", "first"), (new FileInfo(first).LinkTarget, new FileInfo(second).LinkTarget));
        Assert.Equal(2, CliProcess.Shell($"{CliProcess.Quoted} print '{model}' -o /proc/1/fd/1").Exit);
    }

    [SkippableFact]
    public void A_disk_is_not_written_to()
    {
        string disk = _folder["disk"];
        // A number that no driver has: nothing stands behind it.
        Skip.IfNot(
            OperatingSystem.IsLinux() && CliProcess.Shell($"mknod '{disk}' b 4095 1").Exit == 0, "making a device needs root on Linux");
        Assert.Contains("it is a disk", Assert.Throws<DiagnosticException>(() => AtomicFile.WriteText(disk, "x")).Message);
    }

    [Fact]
    public void What_only_looks_like_a_leftover_stays()
    {
        _folder.Write("out/.mine.partial/precious.txt", "mine");
        _folder.Write("x.npy.download.partial", "mine");
        string left = $"x.npy.cortexml-{new string('0', 32)}.partial", leftFolder = $"out/.cortexml-{new string('0', 32)}.partial/symbol";
        _folder.Write(left, "half");
        _folder.Write(leftFolder, "half");
        AtomicFile.WriteText(_folder["x.npy"], "new");
        OutputFolder.Write(_folder["out"], [OutputFile.Text("symbol", "{}")]);
        Assert.Equal(
            ["out", "out/.mine.partial", "out/.mine.partial/precious.txt", "out/model.manifest.json", "out/symbol", "x.npy",
            "x.npy.download.partial"], _folder.Listing);
    }

    [Fact]
    public void A_link_is_followed_to_its_file_which_is_replaced_whole()
    {
        if (OperatingSystem.IsWindows()) return;
        string file = _folder.Write("real/file.txt", "old"), link = _folder["link.txt"], toLink = _folder["to-link.txt"],
        dangling = _folder["dangling.txt"];
        File.CreateSymbolicLink(link, file);
        File.CreateSymbolicLink(toLink, "link.txt");
        File.CreateSymbolicLink(dangling, _folder["real/other.txt"]);
        AtomicFile.WriteText(toLink, "new");
        AtomicFile.WriteText(dangling, "made");
        Assert.Equal("new", File.ReadAllText(file));
        Assert.Equal("made", File.ReadAllText(_folder["real/other.txt"]));
        Assert.Equal((file, "link.txt"), (new FileInfo(link).LinkTarget, new FileInfo(toLink).LinkTarget));
    }

    [Fact]
    public void A_folder_or_a_ring_of_links_is_no_place_for_a_file()
    {
        Directory.CreateDirectory(_folder["folder"]);
        Assert.Contains("it is a folder", Assert.Throws<DiagnosticException>(() => AtomicFile.WriteText(_folder["folder"], "x")).Message);
        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(_folder["a"], _folder["b"]);
        File.CreateSymbolicLink(_folder["b"], _folder["a"]);
        Assert.Equal("CML0103", Assert.Throws<DiagnosticException>(() => AtomicFile.WriteText(_folder["a"], "x")).Diagnostics[0].Code);
        Assert.Equal(["a", "b", "folder"], _folder.Listing);
    }

    [Fact]
    public void In_an_output_folder_links_are_refused_before_anything_is_written()
    {
        if (OperatingSystem.IsWindows()) return;
        string outside = _folder.Write("outside.txt", "mine"), folder = Directory.CreateDirectory(_folder["out"]).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "params"), outside);
        var error = Assert.Throws<DiagnosticException>(() =>
            OutputFolder.Write(folder, [OutputFile.Text("symbol", "{}"), OutputFile.Text("params", "x")]));
        Assert.Contains("is a link", error.Message);
        Assert.Equal("mine", File.ReadAllText(outside));
        Assert.Equal(["out", "out/params", "outside.txt"], _folder.Listing);
    }

    [Fact]
    public void A_link_to_a_folder_is_that_folder()
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(_folder["real"]);
        Directory.CreateSymbolicLink(_folder["link"], _folder["real"]);
        OutputFolder.Write(_folder["link"], [OutputFile.Text("symbol", "{}")]);
        Assert.Equal("{}", File.ReadAllText(_folder["real/symbol"]));
        Assert.NotNull(new DirectoryInfo(_folder["link"]).LinkTarget);
    }
}
