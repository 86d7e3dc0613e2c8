using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Running;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

public sealed class GpuEngineTests
{
    [Fact]
    public void Convolution_requantization_and_residual_are_one_kernel()
    {
        var seen = new List<string>();
        using var executable = new GpuEngine(new GpuOptions { Observe = (value, _) => seen.Add(value.Name!) })
            .Prepare(TextParser.ParseOne(EngineGraphs.Residual));
        executable.Run([Tensor.Zeros<int>(Shape.Of(1, 4, 3, 3))]);
        Assert.Equal(["r", "y"], seen);
    }

    [Fact]
    public void Equal_graphs_share_a_program_and_observe_their_own_values()
    {
        var (first, second) = (TextParser.ParseOne(EngineGraphs.Residual), TextParser.ParseOne(EngineGraphs.Residual));
        GpuAgreement.Check(first, seed: 6);
        GpuAgreement.Check(second, seed: 7);
    }

    [Fact]
    public void Executables_of_one_graph_run_at_once_on_streams_of_their_own()
    {
        var graph = TextParser.ParseOne(EngineGraphs.Residual);
        var inputs = Enumerable.Range(0, 4)
            .Select(i => Tensor.Create(Shape.Of(1, 4, 3, 3), [.. Enumerable.Range(0, 36).Select(j => ((i * 31) + (j * 7)) % 127)]))
            .ToList();
        using var interpreter = new InterpreterEngine().Prepare(graph);
        var expected = inputs.Select(input => interpreter.Run([input])[0].Data).ToList();
        foreach (var kind in GpuAgreement.AtHand)
        {
            Parallel.ForEach(inputs.Zip(expected), pair =>
            {
                using var executable = new GpuEngine(new GpuOptions { Kind = kind }).Prepare(graph);
                for (int run = 0; run < 10; run++) Assert.Equal(pair.Second, executable.Run([pair.First])[0].Data);
            });
        }
    }

    [Fact]
    public void Long_chains_of_pointwise_operations_are_several_kernels()
    {
        string chain = string.Concat(Enumerable.Range(0, 50).Select(i => $"  %v{i + 1} = cvm.negative(%v{i})\n"));
        var graph = TextParser.ParseOne($"graph @g(%v0: i8[1, 4]) {{\n{chain}  return %v50\n}}\n");
        var seen = new List<string>();
        using var executable = new GpuEngine(new GpuOptions { Observe = (value, _) => seen.Add(value.Name!) }).Prepare(graph);
        Assert.Equal([1, -2, 3, -4], executable.Run([Tensor.Create(Shape.Of(1, 4), [1, -2, 3, -4])])[0].Data);
        Assert.Equal(["v32", "v50"], seen);
    }

    [Theory]
    [InlineData(EngineGraphs.Residual)]
    [InlineData("""
        graph @g(%x: i8[1, 16, 8, 8], %b: i16[1, 9, 6], %n: i8[1]) {
          @w: i8[32, 16, 3, 3] = random(3)
          %c = cvm.conv2d(%x, @w) {channels = 32, kernel_size = [3, 3], use_bias = false}
          %m = cvm.max_pool2d(%x) {pool_size = [2, 2], strides = [2, 2]}
          %s = cvm.sum(%x) {axis = [1]}
          %n0 = cvm.negative(%x)
          %d = cvm.broadcast_div(%x, %n0)
          %y = cvm.non_max_suppression(%b, %n) {iou_threshold = 50}
          return %c, %m, %s, %d, %y
        }
        """)]
    public void Kernels_have_neither_floating_point_nor_atomics(string text)
    {
        string assembly = KernelListing.Ptx(TextParser.ParseOne(text));
        Assert.Contains(".s32", assembly, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"\.(f16|bf16|f32|f64)\b|\b(atom|red)\.", assembly);
    }

    [Fact]
    public void Convolutions_of_signed_bytes_take_the_four_way_dot_product() => Assert.Contains("dp4a.s32.s32", KernelListing.Ptx(TextParser.ParseOne("""
        graph @g(%x: i8[1, 32, 8, 8]) {
          @w: i8[64, 32, 1, 1] = random(3)
          %c = cvm.conv2d(%x, @w) {channels = 64, kernel_size = [1, 1], use_bias = false}
          return %c
        }
        """)), StringComparison.Ordinal);

    [Fact]
    public void Inputs_of_another_shape_are_refused()
    {
        using var executable = new GpuEngine().Prepare(TextParser.ParseOne(EngineGraphs.Residual));
        var error = Assert.Throws<DiagnosticException>(() => executable.Run([Tensor.Vector(1, 2)]));
        Assert.Equal(EngineCodes.InputMismatch, error.Diagnostics[0].Code);
    }

    [Fact]
    public void A_kernel_that_does_not_compile_is_a_coded_error_and_the_next_one_compiles()
    {
        var graph = TextParser.ParseOne(EngineGraphs.Residual);
        using var runtime = new GpuRuntime();
        var session = runtime.Session(GpuKind.IlgpuCpu, 0);
        var method = typeof(Refused).GetMethod(nameof(Refused.Run))!;
        var error = Assert.Throws<DiagnosticException>(() =>
            KernelCompiler.Compile(session, method, LaunchShape.Threads(1), graph.Operations[^1], "kernel none() {\n}\n"));
        Assert.NotSame(session, runtime.Session(GpuKind.IlgpuCpu, 0));
        Assert.Equal(EngineCodes.KernelFailed, error.Diagnostics[0].Code);
        Assert.Contains("cvm.cvm_right_shift", error.Message, StringComparison.Ordinal);
        Assert.Contains("kernel none()", error.Message, StringComparison.Ordinal);
        Assert.Contains("NotSupportedException: ", error.Message, StringComparison.Ordinal);
        GpuAgreement.Check(Residual(9), seed: 1, runtime);
    }

    [Fact]
    public void Refused_kernels_harm_none_that_compile_beside_them()
    {
        var operation = TextParser.ParseOne(EngineGraphs.Residual).Operations[^1];
        var refused = typeof(Refused).GetMethod(nameof(Refused.Run))!;
        using var runtime = new GpuRuntime();
        Parallel.For(0, 24, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
        {
            if (i % 2 == 0)
                Assert.Throws<DiagnosticException>(() => KernelCompiler.Compile(
                    runtime.Session(GpuKind.IlgpuCpu, 0), refused, LaunchShape.Threads(1), operation, "kernel none() {\n}\n"));
            else
                GpuAgreement.Check(Residual(100 + i), seed: i, runtime);
        });
    }

    [Fact]
    public void What_runs_goes_on_running_when_its_session_is_discarded()
    {
        var graph = TextParser.ParseOne(EngineGraphs.Residual);
        var input = Tensor.Create(
            graph.Inputs[0].Type.Shape, [.. Enumerable.Range(0, (int)graph.Inputs[0].Type.Shape.Count).Select(i => i % 100 - 50)]);
        using var runtime = new GpuRuntime();
        using var executable = new GpuEngine(runtime: runtime).Prepare(graph);
        var before = executable.Run([input])[0].Data;
        runtime.Session(GpuKind.IlgpuCpu, 0).Discard();
        Assert.Equal(before, executable.Run([input])[0].Data);
    }

    [Fact]
    public void More_memory_than_allowed_is_refused()
    {
        var engine = new GpuEngine(new GpuOptions { MaxBytes = 10 });
        Assert.Equal(EngineCodes.TooMuchMemory,
            Assert.Throws<DiagnosticException>(() => engine.Prepare(TextParser.ParseOne(EngineGraphs.Residual))).Diagnostics[0].Code);
    }

    private static Graph Residual(int seed) =>
        TextParser.ParseOne(EngineGraphs.Residual.Replace("random(3)", $"random({seed})", StringComparison.Ordinal));

    private static class Refused
    {
        /// <summary>ILGPU has no strings.</summary>
        public static void Run(ILGPU.Index1D index, ILGPU.ArrayView<int> y) => y[index] = index.ToString().Length;
    }
}
