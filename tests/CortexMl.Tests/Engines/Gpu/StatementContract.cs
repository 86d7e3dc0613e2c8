using CortexMl.Engines.Gpu.Kernels;
using Xunit;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>On ILGPU's simulator.</summary>
public sealed class StatementTests(Simulator simulator) : StatementContract(simulator), IClassFixture<Simulator>;

/// <summary>What statements do, wherever kernels run.</summary>
public abstract class StatementContract(KernelRunner runner)
{
    [Fact]
    public void Narrow_elements_are_sign_extended_and_keep_their_low_bits()
    {
        var k = new KernelBuilder("narrow");
        KernelBuffer a = k.Read("a", KernelElement.I8, 2), b = k.Read("b", KernelElement.I16, 2);
        KernelBuffer x = k.Write("x", KernelElement.I8, 2), y = k.Write("y", KernelElement.I16, 2);
        k.Store(x, k.Thread, a[k.Thread] + b[k.Thread]);
        k.Store(y, k.Thread, a[k.Thread].ToI64() - b[k.Thread].ToI64());
        sbyte[] bytes = new sbyte[2];
        short[] words = new short[2];
        runner.Run(k.Build(LaunchShape.Threads(2)), new sbyte[] { -128, 127 }, new short[] { -32768, 300 }, bytes, words);
        Assert.Equal([-128, unchecked((sbyte)427)], bytes);
        Assert.Equal([32640, -173], words);
    }

    [Fact]
    public void Loops_branches_and_assignments_compute_what_they_say()
    {
        // Collatz steps of every number below 10, and the sum of the odd numbers up to it.
        var k = new KernelBuilder("steps");
        KernelBuffer steps = k.Write("steps", KernelElement.I32, 10), sums = k.Write("sums", KernelElement.I32, 10);
        var n = k.Let("n", k.Thread + 1);
        var count = k.Let("count", 0);
        k.While(n.IsNot(1), () =>
        {
            k.If((n & 1).Is(0), () => k.Assign(n, n >> 1), () => k.Assign(n, (n * 3) + 1));
            k.Assign(count, count + 1);
        });
        k.Store(steps, k.Thread, count);
        var sum = k.Let("sum", 0);
        k.For("i", 1, k.Thread + 1, i => k.Assign(sum, sum + i), step: 2);
        k.If(sum > 3, () => k.Assign(sum, -sum));
        k.Store(sums, k.Thread, sum);
        int[] stepResult = new int[10], sumResult = new int[10];
        runner.Run(k.Build(LaunchShape.Threads(10)), stepResult, sumResult);
        Assert.Equal([0, 1, 7, 2, 5, 8, 16, 3, 19, 6], stepResult);
        Assert.Equal([0, 1, 1, -4, -4, -9, -9, -16, -16, -25], sumResult);
    }

    [Fact]
    public void Threads_of_a_group_see_what_the_others_shared_before_the_barrier()
    {
        var k = new KernelBuilder("turn");
        KernelBuffer x = k.Read("x", KernelElement.I32, 8), y = k.Write("y", KernelElement.I32, 8);
        var tile = k.Shared("tile", KernelElement.I32, 4);
        k.Store(tile, k.Lane, x[(k.Group * 4) + k.Lane]);
        k.Barrier();
        k.Store(y, (k.Group * 4) + k.Lane, tile[3 - k.Lane]);
        int[] result = new int[8];
        runner.Run(k.Build(new LaunchShape(2, 4)), new[] { 1, 2, 3, 4, 5, 6, 7, 8 }, result);
        Assert.Equal([4, 3, 2, 1, 8, 7, 6, 5], result);
    }

    [Fact]
    public void Wide_variables_and_names_taken_twice_are_kept_apart()
    {
        var k = new KernelBuilder("wide");
        var y = k.Write("y", KernelElement.I32, 1);
        var v = k.Let("v", ((Expr)int.MaxValue).ToI64());
        var w = k.Let("v", v + v);
        k.Assign(v, w >> 1);
        k.Store(y, k.Thread, (w.Is(v * 2)).Select(v - 5, w));
        int[] result = new int[1];
        runner.Run(k.Build(LaunchShape.Threads(1)), result);
        Assert.Equal([int.MaxValue - 5], result);
    }

    [Fact]
    public void Store_to_a_buffer_that_is_only_read_is_refused()
    {
        var k = new KernelBuilder("readonly");
        var x = k.Read("x", KernelElement.I8, 1);
        Assert.Throws<ArgumentException>(() => k.Store(x, 0, 0));
    }
}
