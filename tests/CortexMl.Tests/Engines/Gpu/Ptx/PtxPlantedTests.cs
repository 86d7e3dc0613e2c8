using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Planning;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Tests.Engines.Gpu.Ptx.Machine;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>Mistakes that a generator could make, planted into kernels and compiled by ILGPU: the machine finds each.</summary>
public sealed class PtxPlantedTests
{
    private const int Threads = 8;

    [Fact]
    public void An_index_one_too_far() => Finds("4 bytes at byte 32 of x, which has 32", (k, x, y) => k.Store(y, k.Lane, x[k.Lane + 1]));

    [Fact]
    public void An_index_one_too_low() => Finds("of y, which has 32", (k, x, y) => k.Store(y, k.Lane - 1, x[k.Lane]));

    [Fact]
    public void An_index_that_is_one_of_another_buffer() => Finds(
        "4 bytes at byte 64 of x, which has 32", (k, x, y) => k.Store(y, k.Lane, x[k.Lane + 16]));

    [Fact]
    public void Two_threads_that_store_the_same_element() => Finds(
        "thread 4: writes a byte that thread 0 wrote since the launch: byte 0 of y", (k, x, y) => k.Store(y, k.Lane % 4, x[k.Lane]));

    [Fact]
    public void An_element_that_another_thread_makes() => Finds("thread 1: reads a byte that thread 0 wrote since the launch", (k, x, y) =>
    {
        k.Store(y, k.Lane, x[k.Lane]);
        k.Store(y, k.Lane, y[(k.Lane > 0).Select(k.Lane - 1, 0)]);
    });

    [Fact]
    public void A_missing_barrier_behind_a_store() => Finds("reads what no thread wrote: byte 28 of ", (k, x, y) =>
    {
        var tile = k.Shared("tile", KernelElement.I32, Threads);
        k.Store(tile, k.Lane, x[k.Lane]);
        k.Store(y, k.Lane, tile[Threads - 1 - k.Lane]);
    });

    [Fact]
    public void A_missing_barrier_before_the_next_store() => Finds("wrote since the last barrier", (k, x, y) =>
    {
        var tile = k.Shared("tile", KernelElement.I32, Threads);
        var sum = k.Let("sum", 0);
        k.For("i", 0, 3, i =>
        {
            k.Store(tile, k.Lane, x[k.Lane] + i);
            k.Barrier();
            k.Assign(sum, sum + tile[Threads - 1 - k.Lane]);
        });
        k.Store(y, k.Lane, sum);
    });

    [Fact]
    public void A_barrier_that_some_threads_pass_by() => Finds("is here while thread 0 is at ", (k, x, y) =>
    {
        k.If(x[k.Lane] < 4, k.Barrier);
        k.Store(y, k.Lane, 1);
    });

    [Fact]
    public void More_shared_memory_than_a_block_has() => Finds("49156 bytes of shared memory, 49152 at most", (k, x, y) =>
    {
        var tile = k.Shared("tile", KernelElement.I32, 12289);
        k.Store(tile, k.Lane, x[k.Lane]);
        k.Store(y, k.Lane, tile[k.Lane]);
    });

    [Fact]
    public void More_threads_than_a_block_has()
    {
        var k = new KernelBuilder("planted");
        var y = k.Write("y", KernelElement.I8, 1025);
        k.Store(y, k.Lane, 1);
        var fault = Assert.Throws<PtxFault>(() => new PtxRunner().Run(k.Build(new LaunchShape(1, 1025)), new sbyte[1025]));
        Assert.EndsWith("1025 threads in x, 1024 at most", fault.Message, StringComparison.Ordinal);
    }

    /// <summary>Without any one of its barriers, the product in tiles is wrong on a device that runs threads in another order.</summary>
    [Fact]
    public void Each_barrier_of_the_product_in_tiles()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 64, 8, 8]) {
              @w: i8[32, 64, 3, 3] = random(3)
              %c = cvm.conv2d(%x, @w) {channels = 32, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
              return %c
            }
            """);
        var step = Assert.Single(GpuPlanner.Make(graph, hasGroups: true).Steps);
        int barriers = Count(step.Kernel.Body);
        Assert.True(barriers > 1);
        Launch(step, step.Kernel);
        for (int i = 0; i < barriers; i++)
        {
            int left = i;
            var planted = step.Kernel with { Body = Without(step.Kernel.Body, ref left) };
            Assert.Equal(barriers - 1, Count(planted.Body));
            string message = Assert.Throws<PtxFault>(() => Launch(step, planted)).Message;
            Assert.Matches("wrote since the last barrier|reads what no thread wrote", message);
        }
    }

    private static void Finds(string expected, Action<KernelBuilder, KernelBuffer, KernelBuffer> body)
    {
        var k = new KernelBuilder("planted");
        KernelBuffer x = k.Read("x", KernelElement.I32, Threads), y = k.Write("y", KernelElement.I32, Threads);
        body(k, x, y);
        var kernel = k.Build(new LaunchShape(1, Threads));
        int[] data = [.. Enumerable.Range(0, Threads)];
        Assert.Contains(
            expected, Assert.Throws<PtxFault>(() => new PtxRunner().Run(kernel, data, new int[Threads])).Message, StringComparison.Ordinal);
    }

    private static void Launch(LaunchStep step, DeviceKernel kernel) => new PtxRunner().Run(
        kernel, [.. step.Arguments.Select(a => a.Constant?.Elements ?? new byte[a.Parameter.Length * (int)a.Parameter.Element])]);

    private static int Count(IReadOnlyList<Statement> body) =>
        body.Sum(s => s is BarrierStatement ? 1 : s is ForStatement loop ? Count(loop.Body) : 0);

    // Without the barrier of this number; it becomes negative when it is found.
    private static List<Statement> Without(IReadOnlyList<Statement> body, ref int number)
    {
        var kept = new List<Statement>();
        foreach (var statement in body)
        {
            if (statement is BarrierStatement && number-- == 0) continue;
            kept.Add(statement is ForStatement loop ? loop with { Body = Without(loop.Body, ref number) } : statement);
        }
        return kept;
    }
}
