using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Ir;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.MachineCode;

/// <summary>Generated kernels are made once, shared, and freed.</summary>
public sealed class CodeStoreTests
{
    private static readonly Graph s_twoAlike = TextParser.ParseOne("""
        graph @g(%x: i8[1, 32, 6, 6]) {
          @w: i8[32, 32, 3, 3] = random(1)
          @v: i8[32, 32, 3, 3] = random(2)
          %a = cvm.conv2d(%x, @w) {channels = 32, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
          %b = cvm.cvm_right_shift(%a) {precision = 8, shift_bit = 10}
          %c = cvm.conv2d(%x, @v) {channels = 32, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
          %d = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 10}
          return %b, %d
        }
        """);

    [Fact]
    public void Layers_of_equal_form_share_a_kernel_and_the_last_executable_frees_it()
    {
        var store = new CodeStore((code, constants) => new Idle(constants));
        var engine = Engine(store);
        var first = engine.Prepare(s_twoAlike);
        Assert.Equal(1, store.Count);
        var second = engine.Prepare(s_twoAlike);
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, store.Count);
        second.Dispose();
        Assert.Equal(0, store.Count);
    }

    /// <summary>A system may give memory for code once and refuse it later.</summary>
    [Fact]
    public void Where_memory_for_code_is_refused_the_engine_uses_its_own_kernels_or_says_so()
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: i8[1, 16, 3, 3]) {
              @w: i8[16, 16, 3, 3] = random(3)
              %y = cvm.conv2d(%x, @w) {channels = 16, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
              return %y
            }
            """);
        var kernels = KernelList.Of(new CodeStore((_, _) => throw new CodeRefusedException("no memory")));
        Agreement.Check("refused", observe => new CpuEngine(new CpuOptions { Observe = observe }) { Kernels = kernels }, graph,
            Agreement.RandomInputs(graph, seed: 1));
        foreach (var forced in InstructionSet.AtHand.Where(AssemblyListing.Sets.Contains))
        {
            var engine = new CpuEngine(new CpuOptions { Instructions = forced }) { Kernels = kernels };
            var error = Assert.Throws<DiagnosticException>(() => engine.Prepare(graph));
            Assert.Equal(EngineCodes.UnsupportedInstructions, Assert.Single(error.Diagnostics).Code);
        }
    }

    [Fact]
    public void A_plan_that_is_refused_leaves_no_kernel_behind()
    {
        var store = new CodeStore((code, constants) => new Idle(constants));
        var error = Assert.Throws<DiagnosticException>(() => Engine(store, new CpuOptions { MaxBytes = 100 }).Prepare(s_twoAlike));
        Assert.Equal((EngineCodes.TooMuchMemory, 0), (error.Diagnostics[0].Code, store.Count));
    }

    [SkippableFact]
    public void A_thousand_executables_leave_no_page_of_code()
    {
        Skip.IfNot(CodeMemory.IsAllowed && InstructionSet.AtHand.Contains(CpuInstructions.CodeAvx2), "generated code cannot run here");
        List<NativeKernel> made = [];
        var store = new CodeStore((code, constants) =>
        {
            made.Add(new NativeKernel(code, constants));
            return made[^1];
        });
        var engine = Engine(store);
        for (int i = 0; i < 1000; i++)
        {
            using var executable = engine.Prepare(s_twoAlike);
            Assert.False(made[^1].IsFreed);
        }
        Assert.Equal((1000, 1000, 0), (made.Count, made.Count(kernel => kernel.IsFreed), store.Count));
    }

    [SkippableFact]
    public void Freed_memory_is_not_counted_and_may_be_freed_twice()
    {
        Skip.IfNot(CodeMemory.IsAllowed, "generated code cannot run here");
        // Other tests make code meanwhile: many pages tell apart what is theirs.
        const int Bytes = 1 << 26;
        var memory = new CodeMemory(new byte[Bytes]);
        long with = CodeMemory.LivingBytes;
        memory.Dispose();
        memory.Dispose();
        Assert.InRange(with - CodeMemory.LivingBytes, Bytes / 2, Bytes * 3 / 2);
    }

    private static CpuEngine Engine(CodeStore store, CpuOptions? options = null) => new(options, new WeightStore())
    {
        Assumed = CpuInstructions.CodeAvx2,
        Kernels = new KernelList([new ProductCodeProvider(store), .. KernelList.OfEngine.All]),
    };

    private sealed class Idle(Pinned<int> constants) : GeneratedKernel(constants)
    {
        public override unsafe void Run(CodeArguments* arguments)
        {
        }

        public override void Dispose()
        {
        }
    }
}
