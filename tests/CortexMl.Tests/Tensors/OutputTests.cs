using System.IO.Compression;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Tensors;

public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_failing_writer_leaves_the_old_file_alone()
    {
        string path = _folder.Write("x.txt", "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["x.txt"], _folder.Listing);
    }

    [Fact]
    public void A_set_of_files_is_written_whole_or_not_at_all()
    {
        _folder.Write("out/symbol", "old");
        Assert.Throws<InvalidOperationException>(() => OutputFolder.Write(
            _folder["out"], [OutputFile.Text("symbol", "new"), new OutputFile("params", _ => throw new InvalidOperationException())]));
        Assert.Equal(["out", "out/symbol"], _folder.Listing);
        Assert.Equal("old", File.ReadAllText(_folder["out/symbol"]));
    }

    [Fact]
    public void A_folder_that_a_failed_write_made_is_removed()
    {
        Assert.Throws<InvalidOperationException>(() =>
            OutputFolder.Write(_folder["new"], [new OutputFile("params", _ => throw new InvalidOperationException())]));
        Assert.Empty(_folder.Listing);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_a_diagnostic_and_leaves_nothing()
    {
        _folder.Write("file", "x");
        string message =
            Assert.Throws<DiagnosticException>(() => OutputFolder.Write(_folder["file"], [OutputFile.Text("symbol", "{}")])).Message;
        Assert.StartsWith("error CML0103: ", message);
        Assert.Equal(["file"], _folder.Listing);
    }

    [Fact]
    public void Checking_a_folder_leaves_nothing_behind()
    {
        OutputFolder.CheckWritable(_folder["a/b"]);
        Assert.DoesNotContain("a/b", _folder.Listing);
        Assert.Throws<DiagnosticException>(() => OutputFolder.CheckWritable(_folder.Write("file", "x")));
    }

    [Fact]
    public void A_packed_file_that_unpacks_to_far_more_is_refused()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            for (int megabyte = 0; megabyte < 64; megabyte++) gzip.Write(new byte[1 << 20]);
        string path = _folder.Write("bomb.gz", packed.ToArray());
        Assert.StartsWith(
            "error CML0106: bomb.gz unpacks to more than", Assert.Throws<DiagnosticException>(() => InputFile.ReadUnpacked(path)).Message);
    }
}
