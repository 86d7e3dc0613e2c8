using Xunit;

namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>What no kernel may do is found, and told with its place.</summary>
public sealed class PtxFaultTests
{
    private const string Array = ".shared .align 4 .b8 tile[16];";

    [Fact]
    public void Fault_names_kernel_line_block_and_thread() => Assert.Equal(
        "Kernel, line 21: st.b32 [%rd3], %r1, block 1, thread 0: 4 bytes at byte 8 of y, which has 8",
        Run("mul.wide.u32 %rd3, %r2, 8;\nadd.u64 %rd3, %rd2, %rd3;\nst.b32 [%rd3], %r1;\nret;", blocks: 2));

    [Theory]
    [InlineData("ld.b32 %r3, [%rd1+8];", "4 bytes at byte 8 of x, which has 8")]
    [InlineData("ld.b64 %rd3, [%rd1+4];", "8 bytes at byte 4 of x, which has 8")]
    [InlineData("sub.s64 %rd3, %rd1, 1;\nld.b8 %rs1, [%rd3];", "is in no memory of this kind")]
    [InlineData("sub.s64 %rd3, %rd2, 1;\nst.b8 [%rd3], %rs1;", "1 bytes at byte 68719476735 of x, which has 8")]
    [InlineData("ld.b32 %r3, [%rd1+2];", "4 bytes at byte 2 of x are not aligned")]
    [InlineData("ld.b32 %r3, [%rd7];", "is in no memory of this kind")]
    [InlineData("st.b32 [%rd1], %r1;", "writes what is only read: byte 0 of x")]
    [InlineData("mov.b64 %rd3, tile;\nst.shared.b32 [%rd3+16], %r1;", "4 bytes at byte 16 of tile, which has 16")]
    [InlineData("mov.b64 %rd3, own;\nst.local.b32 [%rd3+4], %r1;", "4 bytes at byte 4 of own, which has 4")]
    [InlineData("mov.b64 %rd3, tile;\nld.shared.b32 %r3, [%rd3+4];", "reads what no thread wrote: byte 4 of tile")]
    public void Memory_is_checked(string statements, string expected) =>
        Assert.EndsWith(expected, Run($"{statements}\nret;"), StringComparison.Ordinal);

    [Fact]
    public void Two_threads_that_store_the_same_element_are_found_in_a_block_and_across_blocks()
    {
        const string Expected = "writes a byte that thread 0 wrote since the launch: byte 0 of y";
        Assert.EndsWith("block 0, thread 1: " + Expected, Run("st.b8 [%rd2], 1;\nret;", threads: 2), StringComparison.Ordinal);
        Assert.EndsWith("block 1, thread 0: " + Expected, Run("st.b8 [%rd2], 1;\nret;", blocks: 2), StringComparison.Ordinal);
    }

    [Fact]
    public void A_thread_that_reads_what_another_writes_in_one_launch_is_found_whichever_runs_first()
    {
        const string Write = "@%p1 bra OTHER;\nst.b8 [%rd2], 1;\nret;\nOTHER:\nld.b8 %rs1, [%rd2];\nret;";
        Assert.EndsWith("thread 1: reads a byte that thread 0 wrote since the launch: byte 0 of y",
            Run($"setp.ne.s32 %p1, %r1, 0;\n{Write}", threads: 2), StringComparison.Ordinal);
        Assert.EndsWith("thread 1: writes a byte that thread 0 read since the launch: byte 0 of y",
            Run($"setp.eq.s32 %p1, %r1, 0;\n{Write}", threads: 2), StringComparison.Ordinal);
        Assert.EndsWith("thread 2: writes a byte that another thread read since the launch: byte 0 of y",
            Run($"setp.lt.s32 %p1, %r1, 2;\n{Write}", threads: 3), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "reads what no thread wrote")]
    [InlineData("bar.sync 0;", "", "thread 1: reads a byte that thread 0 wrote since the last barrier")]
    public void A_missing_barrier_is_found(string before, string between, string expected) =>
        Assert.Contains(expected, Run(Turn(before, between), threads: 2), StringComparison.Ordinal);

    [Fact]
    public void Barriers_between_make_it_right() => Assert.Equal([1, 0], PtxSnippet.Run(
        PtxSnippet.Text(Turn("bar.sync 0;", "bar.sync 0;"), Array), 1, 2, [0], 2));

    [Theory]
    [InlineData("@%p1 bra END;\nbar.sync 0;\nEND:\nret;")]
    [InlineData("@%p1 bra OTHER;\nbar.sync 0;\nret;\nOTHER:\nbar.sync 0;\nret;")]
    public void A_barrier_that_not_all_threads_reach_is_found(string body) => Assert.Contains(
        "thread 1: is here while thread 0 is at line ", Run($"setp.ne.s32 %p1, %r1, 0;\n{body}", threads: 2), StringComparison.Ordinal);

    [Theory]
    [InlineData("div.s32 %r3, 1, 0;", "divides by zero")]
    [InlineData("rem.s64 %rd3, 1, 0;", "divides by zero")]
    [InlineData("div.s32 %r3, -2147483648, -1;", "divides the most negative number by -1")]
    [InlineData("rem.s64 %rd3, -9223372036854775808, -1;", "divides the most negative number by -1")]
    [InlineData("rem.s32 %r3, -7, 3;", "takes the remainder of negative numbers")]
    [InlineData("AGAIN:\nbra AGAIN;", "a loop without end")]
    public void What_has_no_result_is_found(string statements, string expected) =>
        Assert.EndsWith(expected, Run($"{statements}\nret;"), StringComparison.Ordinal);

    [Fact]
    public void A_register_that_nothing_wrote_holds_noise() =>
        Assert.NotEqual([0], PtxSnippet.Run(PtxSnippet.Text("st.b32 [%rd2], %r3;\nret;"), 1, 1, [0], 1));

    [Theory]
    [InlineData(0, 1, 1, 1, "0 blocks in x")]
    [InlineData(1, 65536, 1, 1, "65536 blocks in y")]
    [InlineData(1, 1, 1025, 1, "1025 threads in x")]
    [InlineData(1, 1, 1, 65, "65 threads in z")]
    [InlineData(1, 1, 512, 3, "1536 threads in a block")]
    public void Launches_beyond_the_limits_are_refused(int blocks, int blocksInY, int threads, int threadsInZ, string expected)
    {
        var program = PtxParser.Parse(PtxSnippet.Text("ret;"));
        var launch = new PtxLaunch(program, new(blocks, blocksInY), new(threads, 1, threadsInZ), new byte[16], new PtxSpace());
        Assert.StartsWith($"Kernel: {expected}, ", Assert.Throws<PtxFault>(() => PtxMachine.Run(launch)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".shared .align 4 .b8 tile[49156];", "49156 bytes of shared memory")]
    [InlineData(".local .align 4 .b8 own[524292];", "524292 bytes of local memory")]
    public void Memory_beyond_the_limits_is_refused(string array, string expected)
    {
        var launch = new PtxLaunch(PtxParser.Parse(PtxSnippet.Text("ret;", array)), new(1), new(1), new byte[16], new PtxSpace());
        Assert.StartsWith($"Kernel: {expected}, ", Assert.Throws<PtxFault>(() => PtxMachine.Run(launch)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(4104, 4104, "4104 bytes of parameters, 4096 at most")]
    [InlineData(24, 16, "16 bytes of parameters, 24 declared")]
    public void Parameters_beyond_the_limits_are_refused(int declared, int given, string expected)
    {
        string parameter = $".param .align 8 .b8 _param_1[{declared - 8}]";
        string text = PtxSnippet.Text("ret;").Replace(".param .b64 _param_1", parameter, StringComparison.Ordinal);
        var launch = new PtxLaunch(PtxParser.Parse(text), new(1), new(1), new byte[given], new PtxSpace());
        Assert.Equal($"Kernel: {expected}", Assert.Throws<PtxFault>(() => PtxMachine.Run(launch)).Message);
    }

    // Every thread hands its number to the other one.
    private static string Turn(string before, string between) => $"""
        mov.b64 %rd3, tile;
        mul.wide.u32 %rd4, %r1, 4;
        add.u64 %rd5, %rd3, %rd4;
        st.shared.b32 [%rd5], %r1;
        {before}
        sub.s32 %r4, 1, %r1;
        mul.wide.u32 %rd6, %r4, 4;
        add.u64 %rd6, %rd3, %rd6;
        ld.shared.b32 %r5, [%rd6];
        {between}
        st.shared.b32 [%rd5], %r5;
        ld.shared.b32 %r5, [%rd5];
        mul.wide.u32 %rd4, %r1, 8;
        add.u64 %rd4, %rd2, %rd4;
        st.b32 [%rd4], %r5;
        ret;
        """;

    private static string Run(string body, int blocks = 1, int threads = 1)
    {
        string text = PtxSnippet.Text(body, Array + " .local .align 4 .b8 own[4];");
        return Assert.Throws<PtxFault>(() => PtxSnippet.Run(text, blocks, threads, [0], 1)).Message;
    }
}
