using System.Text.Json;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Streaming;

/// <summary>Samples that are pieces of one recording: what a run leaves is an input of the next.</summary>
public sealed class StreamTests : IDisposable
{
    /// <summary>h ← h/2 + x, y = relu(h).</summary>
    private const string Leaky = """
        graph @leaky(%x: f32[1, 2], %h_in: f32[1, 2]) {
          @half: f32[] = [0.5]
          %0 = nn.mul(%h_in, @half)
          %h_out = nn.add(%0, %x)
          %y = nn.relu(%h_out)
          return %y, %h_out
        }
        """;

    private static readonly float[] s_pieces = [1, -1, 0, 4, 2, 0, 0, -8];

    private readonly TemporaryFolder _folder = new();

    public StreamTests()
    {
        _folder.Write("net.cml", Leaky);
        NpyWriter.Write(_folder["x.npy"], Tensor.Create(Shape.Of(4, 2), s_pieces));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_a_piece_leaves_is_read_by_the_next()
    {
        var run = Run("net.cml", "x.npy", "--state", "h_out=h_in");
        Assert.Equal([1, -1, 0.5f, 3.5f, 2.25f, 1.75f, 1.125f, -7.125f], run);
    }

    [Fact]
    public void The_data_may_say_with_what_the_states_begin()
    {
        using (var file = File.Create(_folder["x.npz"]))
        {
            NpzWriter.Write(file,
            [
                ("x", Tensor.Create(Shape.Of(4, 2), s_pieces)), ("h_in", Tensor.Create(Shape.Of(1, 2), [16f, 0f])),
            ]);
        }
        Assert.Equal([9, -1, 4.5f, 3.5f, 4.25f, 1.75f, 2.125f, -7.125f], Run("net.cml", "x.npz"));
    }

    [Fact]
    public void Preparation_is_for_data_and_not_for_states() =>
        Assert.Equal([11, 9, 15.5f, 18.5f, 19.75f, 19.25f, 19.875f, 11.625f], Run("net.cml", "x.npy", "--mean=-10"));

    [Fact]
    public void Calibration_sees_the_states_that_the_network_leaves()
    {
        var pieces = Enumerable.Range(0, 64).Select(i => (float)(1 + i % 3)).ToArray();
        NpyWriter.Write(_folder["long.npy"], Tensor.Create(Shape.Of(32, 2), pieces));
        var compiled = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["out"], "--data", _folder["long.npy"], "--stream", "--quiet");
        Assert.True(compiled.Exit == 0, compiled.Error);
        using var calibration = JsonDocument.Parse(File.ReadAllText(_folder["out/model.calibration.json"]));
        var state = calibration.RootElement.GetProperty("values").EnumerateArray().Single(v => v.GetProperty("name").GetString() == "h_in");
        Assert.InRange(state.GetProperty("max").GetDouble(), 3.9, 5);
        var noise = MeasuredNoise.Of(_folder["net.cml"], _folder["out"], "--data", _folder["long.npy"], "--stream");
        Assert.InRange(noise.Decibels, 30, 100);
    }

    [Fact]
    public void A_pair_of_states_belongs_to_a_stream()
    {
        var run = CliRun.Of("run", _folder["net.cml"], "--data", _folder["x.npy"], "--state", "h_out=h_in");
        Assert.Equal(
            (2, "error CML0940: --state: samples have states only where they are a stream\n  help: pass --stream with it\n"),
            (run.Exit, run.Error));
    }

    [Fact]
    public void A_compiled_model_remembers_its_states()
    {
        // Names and shapes alone would pair %gone with %kept.
        _folder.Write("other.cml", """
            graph @other(%x: f32[1, 2], %kept: f32[1, 2], %old: f32[1, 2]) {
              %0 = nn.add(%x, %kept)
              %y = nn.relu(%0)
              %next = nn.add(%old, %x)
              %gone = nn.add(%0, %old)
              return %y, %next, %gone
            }
            """);
        string[] pairs = ["--state", "next=kept", "--state", "gone=old"];
        var compiled = CliRun.Of(["compile", _folder["other.cml"], "-o", _folder["out"], "--data", _folder["x.npy"], "--stream", .. pairs]);
        Assert.True(compiled.Exit == 0, compiled.Error);
        Tensor told = Left("out", "x.npy", "gone", pairs), remembered = Left("out", "x.npy", "gone");
        Assert.Equal(((Tensor<int>)told).Data, ((Tensor<int>)remembered).Data);
        Assert.Equal(["'next' → 'kept'", "'gone' → 'old'"],
            ModelIo.Read(_folder["out/model.io.json"]).States.Select(s => s.ToString()));
    }

    [Fact]
    public void A_stream_is_one_of_data()
    {
        var run = CliRun.Of("compile", _folder["net.cml"], "-o", _folder["out"], "--random-data", "4", "--stream");
        Assert.Equal(
            (2, "error CML0940: --stream and --state are about the order of data, and no data are named\n"
                + "  help: leave them out, or pass --data\n"),
            (run.Exit, run.Error));
    }

    [Fact]
    public void Integers_of_a_state_are_no_inputs()
    {
        var run = CliRun.Of("run", _folder["net.cml"], "--data", _folder["x.npy"], "--stream", "--integer");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0988", run.Error, StringComparison.Ordinal);
    }

    /// <summary>The states that the network leaves, piece by piece.</summary>
    private float[] Run(string model, string data, params string[] options) =>
        ((Tensor<float>)Left(model, data, "h_out", options)).Data;

    private Tensor Left(string model, string data, string output, params string[] options)
    {
        var run = CliRun.Of(["run", _folder[model], "--data", _folder[data], "--stream", "-o", _folder["y.npz"], "--quiet", .. options]);
        Assert.True(run.Exit == 0, run.Error);
        using var archive = new NpzReader(_folder["y.npz"]);
        return archive.Read(output);
    }
}
