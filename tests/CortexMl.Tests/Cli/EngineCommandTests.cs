using System.Text.Json;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

public sealed class EngineCommandTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public EngineCommandTests() => _tiny.Compile();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Engines_give_the_same_digest()
    {
        var run = CliRun.Of("verify", _tiny.Out, "--random", "2");
        string[] lines = run.Output.TrimEnd().Split('\n');
        int devices = GpuKinds.All.Count(kind => GpuDevices.Of(kind).Devices.Count > 0);
        Assert.Equal((0, 1 + (2 * InstructionSet.AtHand.Count) + devices), (run.Exit, lines.Length));
        Assert.Single(lines.Select(line => line.Split(' ')[0]).Distinct());
        Assert.EndsWith("interpreter, 1 thread: 10 values", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Verify_takes_data_as_run_does()
    {
        var run = CliRun.Of("verify", _tiny.Out, "--data", _tiny.Data, "--limit", "3", "--json");
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal((0, 3, true),
            (run.Exit, report.RootElement.GetProperty("samples").GetInt32(), report.RootElement.GetProperty("agrees").GetBoolean()));
    }

    [Fact]
    public void Verify_names_the_engines_that_there_are()
    {
        var run = CliRun.Of("verify", _tiny.Out, "--engines", "interpreter,gpu");
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0923: there is no engine 'gpu'", run.Error);
    }

    [Fact]
    public void Engines_write_the_same_outputs()
    {
        byte[] Scores(params string[] more) => CliRun.Of(["run", _tiny.Out, "--data", _tiny.Data, "-o", "-", .. more]).Bytes;
        Assert.Equal(Scores("--engine", "interpreter"), Scores("--engine", "cpu", "--threads", "2"));
        Assert.Equal(Scores("--engine", "interpreter"), Scores("--engine", "ilgpu-cpu", "--device", "0"));
        Assert.Equal(Scores("--engine", "interpreter"), Scores());
    }

    [Fact]
    public void A_device_that_is_not_there_is_the_users_mistake()
    {
        var run = CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--engine", "ilgpu-cpu", "--device", "7");
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0708: there is no ilgpu-cpu device 7; there is 0 (ILGPU's simulator)", run.Error, StringComparison.Ordinal);
        Assert.Contains("--device -1: a whole number from 0 is needed",
            CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--device", "-1").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_devices_arithmetic_runs_on_the_interpreter_with_a_note()
    {
        string[] call = ["run", _tiny.Out, "--data", _tiny.Data, "--profile", "reference-cpu"];
        Assert.Contains("CML0929: another device's arithmetic was asked for: it runs on the interpreter", CliRun.Of(call).Error);
        Assert.Contains("CML0923", CliRun.Of([.. call, "--engine", "cpu"]).Error);
    }

    [Fact]
    public void Bench_measures_engines_in_turn()
    {
        var run = CliRun.Of("bench", _tiny.Out, "--against", "interpreter", "--runs", "5", "--json");
        using var report = JsonDocument.Parse(run.Output);
        var root = report.RootElement;
        Assert.Equal((0, 5, 1), (run.Exit, root.GetProperty("runs").GetInt32(), root.GetProperty("batch").GetInt32()));
        Assert.Equal("interpreter", root.GetProperty("against")[0].GetProperty("name").GetString());
        Assert.Equal(1, root.GetProperty("groups").EnumerateArray().Sum(g => g.GetProperty("share").GetDouble()), 6);
        Assert.InRange(
            root.GetProperty("medianMs").GetDouble(), root.GetProperty("minMs").GetDouble(), root.GetProperty("highMs").GetDouble());
    }

    [Fact]
    public void Bench_with_threads_tells_what_they_gain_beside_a_loop_in_registers()
    {
        var run = CliRun.Of("bench", _tiny.Out, "--threads", "2", "--runs", "3", "--json");
        using var report = JsonDocument.Parse(run.Output);
        var scaling = report.RootElement.GetProperty("scaling");
        double engine = scaling.GetProperty("engine").GetDouble(), registers = scaling.GetProperty("registers").GetDouble();
        Assert.True(engine > 0 && registers > 0);
        Assert.Equal(engine / registers, scaling.GetProperty("ratio").GetDouble(), 9);
    }

    [Fact]
    public void Bench_says_what_it_can_measure_against()
    {
        var run = CliRun.Of("bench", _tiny.Out, "--against", "onnx");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0923: there is nothing named 'onnx' to measure against", run.Error, StringComparison.Ordinal);
        Assert.Contains(
            "help: onnxruntime, onnxruntime-int8, onnxruntime-float, or engines: interpreter, cpu, ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_takes_several_samples_at_once()
    {
        var run = CliRun.Of("bench", _tiny.Out, "--batch", "3", "--runs", "3", "--json");
        using var report = JsonDocument.Parse(run.Output);
        Assert.Equal(3, report.RootElement.GetProperty("batch").GetInt32());
        Assert.Contains("--batch 0: a whole number from 1 is needed",
            CliRun.Of("bench", _tiny.Out, "--batch", "0").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_lists_every_engine_whatever_the_machine_has()
    {
        var run = CliRun.Of("devices", "--json");
        using var report = JsonDocument.Parse(run.Output);
        string[] engines =
            [.. report.RootElement.GetProperty("engines").EnumerateArray().Select(e => e.GetProperty("engine").GetString()!).Distinct()];
        Assert.Equal(0, run.Exit);
        Assert.Equal(["interpreter", "cpu", "ilgpu-cpu", "opencl", "cuda", "onnx-integer"], engines);
        Assert.Contains("ilgpu-cpu 0", CliRun.Of("devices").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_compares_with_ONNX_Runtime_in_8_bits_and_in_float()
    {
        var run = CliRun.Of("bench", _tiny.Out, "--against", "onnxruntime", "--runs", "5", "--json");
        using var report = JsonDocument.Parse(run.Output);
        var against = report.RootElement.GetProperty("against").EnumerateArray().ToList();
        Assert.Equal(["onnxruntime-int8", "onnxruntime-float"], against.Select(p => p.GetProperty("name").GetString()));
        Assert.All(against,
            p => Assert.Equal(p.GetProperty("medianMs").GetDouble() / report.RootElement.GetProperty("medianMs").GetDouble(),
            p.GetProperty("ratio").GetDouble(), 9));
        Assert.InRange(report.RootElement.GetProperty("boundBytes").GetInt64(), 100_000_000, 100_010_000);
    }

    [Fact]
    public void Bench_says_why_there_is_nothing_to_compare_with()
    {
        var run = CliRun.Of(
            "bench", Repository.Path("golden", "cvm", "op_cvm_precision"), "--against", "onnxruntime-int8", "--runs", "1", "--json");
        Assert.Equal(0, run.Exit);
        Assert.Contains("CML0932: no onnxruntime-int8 to compare with: cvm.cvm_precision has no counterpart in ONNX", run.Error);
    }
}
