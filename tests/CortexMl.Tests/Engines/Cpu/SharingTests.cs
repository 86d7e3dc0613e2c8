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
        using var first = new CpuEngine().Prepare(s_graph);
        long before = GC.GetAllocatedBytesForCurrentThread();
        using var second = new CpuEngine().Prepare(s_graph);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, Weights / 2);
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
