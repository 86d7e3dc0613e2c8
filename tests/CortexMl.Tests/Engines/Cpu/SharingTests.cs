using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

/// <summary>Several executables of one graph.</summary>
public sealed class SharingTests
{
    private const int Weights = 512 * 512 * 9;

    private static readonly Graph s_graph = TextParser.ParseOne("""
        graph @g(%x: i8[1, 512, 3, 3]) -> i29[1, 512, 1, 1] {
          @w: i8[512, 512, 3, 3] = random(1)
          %y = cvm.conv2d(%x, @w) {channels = 512, kernel_size = [3, 3], use_bias = false}
          return %y
        }
        """);

    [Fact]
    public void Weights_are_packed_once_for_all_executables()
    {
        var engine = new CpuEngine(weights: new WeightStore());
        using var first = engine.Prepare(s_graph);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var second = engine.Prepare(s_graph);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Weights / 2);
    }

    [Fact]
    public void Engines_with_other_options_share_the_weights_of_their_store()
    {
        var store = new WeightStore();
        using var first = new CpuEngine(new CpuOptions { Instructions = CpuInstructions.Portable }, store).Prepare(s_graph);
        using var second = new CpuEngine(new CpuOptions { Instructions = CpuInstructions.Portable, Threads = 2 }, store).Prepare(s_graph);
        // The portable kernels take weights of 32 bits.
        Assert.Equal(4 * Weights, store.Bytes);
    }

    [Fact]
    public void Weights_are_freed_when_the_last_executable_is_disposed()
    {
        var store = new WeightStore();
        var engine = new CpuEngine(new CpuOptions { Instructions = CpuInstructions.Portable }, store);
        IExecutable first = engine.Prepare(s_graph), second = engine.Prepare(s_graph);
        first.Dispose();
        first.Dispose();
        Assert.Equal(4 * Weights, store.Bytes);
        second.Dispose();
        Assert.Equal(0, store.Bytes);
        using var third = engine.Prepare(s_graph);
        Assert.Equal(4 * Weights, store.Bytes);
    }

    [Fact]
    public void A_plan_that_is_refused_leaves_no_weights_behind()
    {
        var store = new WeightStore();
        var error = Assert.Throws<DiagnosticException>(() => new CpuEngine(new CpuOptions { MaxBytes = 100 }, store).Prepare(s_graph));
        Assert.Equal((EngineCodes.TooMuchMemory, 0L), (error.Diagnostics[0].Code, store.Bytes));
    }

    [Fact]
    public void An_executable_that_is_disposed_runs_no_more()
    {
        var executable = new CpuEngine(weights: new WeightStore()).Prepare(s_graph);
        executable.Dispose();
        Assert.Throws<ObjectDisposedException>(() => executable.Run([Tensor.Zeros<int>(Shape.Of(1, 512, 3, 3))]));
    }

    [Fact]
    public void Executables_with_threads_run_at_once_and_after_others_are_disposed()
    {
        var inputs = new[] { Tensor.Create(Shape.Of(1, 512, 3, 3), [.. Enumerable.Range(0, 512 * 9).Select(i => (i % 255) - 127)]) };
        using var reference = new CpuEngine().Prepare(s_graph);
        int[] expected = reference.Run(inputs)[0].Data;
        using var lasting = new CpuEngine(new CpuOptions { Threads = 3 }).Prepare(s_graph);
        Parallel.For(0, 4, _ =>
        {
            using var executable = new CpuEngine(new CpuOptions { Threads = 2 }).Prepare(s_graph);
            for (int run = 0; run < 20; run++) Assert.Equal(expected, executable.Run(inputs)[0].Data);
        });
        Assert.Equal(expected, lasting.Run(inputs)[0].Data);
    }
}
