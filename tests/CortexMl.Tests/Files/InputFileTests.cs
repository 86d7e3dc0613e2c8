using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Files;

/// <summary>What is no file is refused before it is read, or bounded. Devices and pipes are made for the test, in its folder.</summary>
public sealed class InputFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Readers =>
    [
        "compile PATH.onnx -o OUT --random-data 1", "compile PATH.cml -o OUT --random-data 1",
        "compile PATH-symbol.json -o OUT --random-data 1",
        "compile MODEL -o OUT --data PATH.npy", "compile MODEL -o OUT --calibration PATH.json",
        "run MODEL --data PATH.npz", "run MODEL --data PATH.png",
        "eval MODEL --data DATA --labels PATH.txt", "check PATH PATH", "test PATH.cml",
        "opt PATH.cml --passes dead-code", "chain meta PATH.torrent",
        "chain decode f(uint8) PATH", "opt MODEL --passes dead-code --plugin PATH.dll",
    ];

    [SkippableTheory]
    [MemberData(nameof(Readers))]
    public void Every_reader_refuses_a_device_without_an_end(string line) => Refused(line, "c 1 5");

    [SkippableTheory]
    [MemberData(nameof(Readers))]
    public void Every_reader_refuses_a_pipe_that_nobody_writes_into(string line) => Refused(line, "p");

    [Fact]
    public void A_folder_is_no_file()
    {
        string folder = Directory.CreateDirectory(_folder["x.npy"]).FullName;
        Assert.Contains("is a folder, not a file", Assert.Throws<DiagnosticException>(() => InputFile.ReadAllBytes(folder)).Message);
        Assert.Contains("is a folder, not a file", Assert.Throws<DiagnosticException>(() => InputFile.Open(folder)).Message);
    }

    [SkippableFact]
    public void What_a_shell_substitutes_for_a_command_is_read()
    {
        string model = _folder.Write("g.cml", "graph @g(%x: f32[2]) { return %x }\n");
        Skip.IfNot(OperatingSystem.IsLinux() && File.Exists("/bin/bash"), "needs bash");
        var run = CliProcess.Run(["/bin/bash", "-c", $"{CliProcess.Quoted} chain decode 'f(uint8)' <(echo 0x; cat '{model}' > /dev/null)"]);
        Assert.Contains("CML1013", run.Error);
    }

    [Fact]
    public void A_stream_without_an_end_is_bounded()
    {
        using var endless = new Endless();
        Assert.Contains("brings more than 536,870,912 bytes",
            Assert.Throws<DiagnosticException>(() => InputFile.ReadStream(endless, "standard input")).Message);
    }

    private void Refused(string line, string kind)
    {
        string model = _folder.Write("g.cml", "graph @g(%x: f32[1, 2]) { %0 = nn.relu(%x) return %0 }\n");
        NpyWriter.Write(_folder["d.npy"], Tensor.Create(Shape.Of(1, 2), [1f, 2f]));
        string[] args =
            [.. line.Split(' ').Select(word => word.StartsWith("PATH", StringComparison.Ordinal) ? Node(word[4..], kind) : word switch
        {
            "MODEL" => model, "DATA" => _folder["d.npy"], "OUT" => _folder["out"], _ => word,
        })];
        var run = CliRun.Of(args);
        Assert.True(run.Exit == 2, run.Error);
        Assert.DoesNotContain("internal error", run.Error);
    }

    private string Node(string end, string kind)
    {
        string path = _folder["node" + end];
        if (FileKinds.Of(path) == FileKind.Missing)
            Skip.IfNot(
                OperatingSystem.IsLinux() && CliProcess.Shell($"mknod '{path}' {kind}").Exit == 0, "making a device needs root on Linux");
        return path;
    }

    private sealed class Endless : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => count;

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
