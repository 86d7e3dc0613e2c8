using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;
using CortexMl.Tests.Frontends.Onnx.Import;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>What an importer knows reaches the user of every command, once, also where the command fails.</summary>
public sealed class ImportNoteTests : IDisposable
{
    private const string Note = "note CML0214: QuantizeLinear 'q': its rounding is left out";

    private readonly TemporaryFolder _folder = new();

    private readonly string _model, _data;

    public ImportNoteTests()
    {
        var model = OnnxText.Model(13, [1, 4], OnnxText.Node("QuantizeLinear", "x s z", "q"),
            OnnxText.Node("DequantizeLinear", "q s z", "d"),
                OnnxText.Node("Gemm", "d w", "y", OnnxText.Int("transB", 1)))
            .With(OnnxText.Floats("w", [2, 4], 1, -1, 2, -2, 0.5f, 0.25f, -1, 1), OnnxText.Floats("s", [], 0.05f),
                OnnxText.Raw("z", TensorProto.Types.DataType.Int8, [], [0]));
        _model = _folder.Write("model.onnx", model.ToByteArray());
        _data = _folder["data.npy"];
        NpyWriter.Write(_data, Tensor.Create(Shape.Of(3, 4), new float[] { 1, 2, -3, 0.5f, 0, -1, 2, 1, 3, -2, 1, 0 }));
    }

    public void Dispose() => _folder.Dispose();

    private void Tells(int exit, params string[] args)
    {
        var run = CliRun.Of(args);
        Assert.True(run.Exit == exit, run.Error);
        Assert.Equal(1, run.Error.Split(Note).Length - 1);
        Assert.DoesNotContain("CML0214", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_every_command_that_reads_a_float_model()
    {
        Tells(0, "compile", _model, "-o", _folder["out"], "--data", _data, "--test", _data);
        Tells(0, "calibrate", _model, "--data", _data, "-o", _folder["c.json"]);
        Tells(0, "eval", _model, _model, "--data", _data);
        Tells(0, "run", _model, "--data", _data);
        Tells(0, "print", _model);
        Tells(0, "opt", _model, "--passes", "dead-code");
    }

    [Fact]
    public void Of_a_command_that_fails_afterwards()
    {
        Tells(2, "compile", _model, "-o", _folder["out"]);
        Tells(2, "calibrate", _model, "--data", _folder["none.npy"], "-o", _folder["c.json"]);
        Tells(2, "run", _model, "--data", _folder["none.npy"]);
        Tells(2, "opt", _model, "--passes", "quantize");
    }

    [Fact]
    public void The_report_of_a_compilation_holds_it_too()
    {
        Tells(0, "compile", _model, "-o", _folder["out"], "--data", _data);
        Assert.Equal(1, File.ReadAllText(Path.Combine(_folder["out"], "report.json")).Split("CML0214").Length - 1);
    }

    [Fact]
    public void Quiet_leaves_notes_out()
    {
        var run = CliRun.Of("compile", _model, "-o", _folder["out"], "--data", _data, "--quiet");
        Assert.Equal((0, ""), (run.Exit, run.Error));
    }
}
