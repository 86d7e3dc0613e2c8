using CortexMl.Analysis;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Models that would take more memory than allowed, or than there is, are refused before any of it is taken.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("in_2p31.onnx", 16, "CML0106", "takes about 17,179,934,712 bytes")]
    [InlineData("in_1e9.onnx", 16, "CML0531", "the CVM cannot hold [1, 1000000000]")]
    [InlineData("pad_1e9.onnx", 16, "CML0531", "the CVM cannot hold [1000000004]")]
    [InlineData("concat_double_26.onnx", 1024, "CML0531", "the CVM cannot hold [1, 33554432]")]
    [InlineData("tensor_splat.cml", 16, "CML0106", "more than 1073741824 elements")]
    public void Hostile_sizes_are_refused_and_little_is_allocated(string file, int megabytes, string code, string message)
    {
        string path = Path.Combine(SharedData.Folder("hostile-files"), file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var run = CliRun.Of("compile", path, "-o", _folder["out"], "--random-data", "1");
        Assert.Equal(2, run.Exit);
        Assert.Contains(code, run.Error);
        Assert.Contains(message, run.Error);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (long)megabytes << 20);
    }

    [SkippableFact]
    public void A_picture_that_was_cut_off_is_refused()
    {
        string model = _folder.Write("g.cml", "graph @g(%x: f32[1, 1, 28, 28]) { %0 = nn.relu(%x) return %0 }\n");
        var run = CliRun.Of("run", model, "--data", Path.Combine(SharedData.Folder("hostile-files"), "trunc.png"));
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0808: the image ends before its end", run.Error);
    }

    [Theory]
    [InlineData("calibrate MODEL --data DATA -o FILE")]
    [InlineData("compile MODEL -o OUT --random-data 1")]
    [InlineData("eval MODEL --data DATA")]
    [InlineData("run MODEL --data DATA")]
    public void Values_count_towards_the_memory_that_is_allowed(string line)
    {
        string model =
            _folder.Write("g.cml", "graph @g(%x: f32[1, 100]) { %0 = nn.tile(%x) {repeats = [1000, 10]} %1 = nn.relu(%0) return %1 }\n");
        NpyWriter.Write(_folder["d.npy"], Tensor.Create(Shape.Of(1, 100), new float[100]));
        string[] args = [.. line.Split(' ').Select(word => word switch
        {
            "MODEL" => model, "DATA" => _folder["d.npy"], "OUT" => _folder["out"], "FILE" => _folder["c.json"], _ => word,
        })];
        var refused = CliRun.Of([.. args, "--max-memory", "2MB"]);
        Assert.Equal(2, refused.Exit);
        Assert.Contains("error CML0106: ", refused.Error);
        Assert.Contains("2,000,000 are allowed", refused.Error);
        Assert.DoesNotContain("CML0106", CliRun.Of([.. args, "--max-memory", "1GiB"]).Error);
    }

    [Theory]
    [InlineData("500", 500)]
    [InlineData("500MB", 500_000_000)]
    [InlineData("500 mb", 500_000_000)]
    [InlineData("2GiB", 2L << 30)]
    [InlineData("1.5k", 1500)]
    [InlineData("1T", 1_000_000_000_000)]
    public void Sizes_have_units(string text, long bytes) =>
        Assert.Equal(bytes, ByteSizes.Parse(text, "--max-memory"));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData("5XB")]
    [InlineData("99999999999GB")]
    public void What_is_no_size_is_refused(string text) =>
        Assert.Throws<DiagnosticException>(() => ByteSizes.Parse(text, "--max-memory"));

    [Fact]
    public void Values_that_are_used_up_make_room()
    {
        var demand = MemoryDemand.Of(TextParser.ParseOne("""
            graph @g(%x: f32[10]) {
              @c: f32[10] = 1
              %0 = nn.add(%x, @c)
              %1 = nn.relu(%0)
              %2 = nn.neg(%1)
              return %2
            }
            """));
        Assert.Equal((40, 160, 80), ((int)demand.Constants, (int)demand.Values, (int)demand.Live));
    }

    [Theory]
    [InlineData("@c: f32[30000, 30000] = 1", "constant @c f32[30000, 30000]")]
    [InlineData("@c: f32[30000, 30000] = random(3)", "constant @c f32[30000, 30000]")]
    [InlineData("%t = nn.tile(%x) {repeats = [30000, 7500]}", "value '%t' f32[30000, 30000]")]
    public void What_is_too_large_for_one_tensor_is_named(string line, string what)
    {
        string model = _folder.Write("g.cml", $"graph @g(%x: f32[1, 4]) {{\n  {line}\n  %0 = nn.relu(%x)\n  return %0\n}}\n");
        NpyWriter.Write(_folder["d.npy"], Tensor.Create(Shape.Of(1, 4), new float[4]));
        var run = CliRun.Of("run", model, "--data", _folder["d.npy"], "--max-memory", "16GB");
        Assert.Equal(2, run.Exit);
        Assert.Contains($"error CML0106: {what} takes 3,600,000,000 bytes; a single tensor takes at most 2,147,483,591", run.Error);
    }

    [Fact]
    public void Histograms_of_a_calibration_count()
    {
        var demand = MemoryDemand.Of(TextParser.ParseOne(
            "graph @g(%x: f32[10]) { @c: f32[10] = 1 %0 = nn.add(%x, @c) %1 = nn.relu(%0) return %1 }"));
        Assert.Equal(MemoryDemand.HistogramBytes, CortexMl.Passes.Calibrate.Histogram.Bins * sizeof(long));
        Assert.Equal(3 * 32768, (int)demand.Statistics);
        Assert.Equal(2 * 40 + 3 * 40 + 3 * 32768, (int)demand.CompilingBytes);
    }

    [Fact]
    public void Memory_that_is_not_given_is_told_with_its_size()
    {
        var error = Assert.Throws<ShortOfMemoryException>(() =>
            MemoryUse.Taking<int>(3_600_000_000, "constant 'w'", () => throw new InsufficientMemoryException()));
        Assert.Equal("constant 'w' wanted about 3,600,000,000 bytes", error.Message);
        Assert.Same(error, Assert.Throws<ShortOfMemoryException>(() =>
            MemoryUse.Taking<int>(1, "all", () => throw error)));
    }

    [SkippableFact]
    public void A_machine_that_is_too_small_is_told_what_was_wanted()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a shell that sets variables for one command");
        string model = _folder.Write("g.cml", "graph @g(%x: f32[1, 4]) { @c: f32[10000, 10000] = 1 return %x, @c }\n");
        var run = CliProcess.Shell($"DOTNET_GCHeapHardLimit=0x8000000 {CliProcess.Quoted} print '{model}'");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0942: ", run.Error);
        Assert.Contains("a constant f32[10000, 10000] wanted about 400,000,000 bytes\n", run.Error);
    }

    [SkippableFact]
    public void A_file_that_the_machine_cannot_hold_is_told_with_its_size()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a shell that sets variables for one command");
        string file = _folder["large.cml"];
        using (var large = File.Create(file)) large.SetLength(400_000_000);
        var run = CliProcess.Shell($"DOTNET_GCHeapHardLimit=0x8000000 {CliProcess.Quoted} print '{file}'");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0942: ", run.Error);
        Assert.Contains("large.cml' wanted about 400,000,000 bytes\n", run.Error);
    }
}
