using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.OnnxInteger;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines;

/// <summary>
/// A thread that has used the processor's matrices handles signals as before: without room for its registers the process ends here, and no
/// test is told as failed.
/// </summary>
public sealed class SignalStackTests
{
    private const string Layer = """
        graph @g(%x: i8[1, 64, 14, 14]) {
          @w: i8[64, 64, 3, 3] = random(3)
          %c = cvm.conv2d(%x, @w) {channels = 64, kernel_size = [3, 3], padding = [1, 1], use_bias = false}
          %y = cvm.cvm_right_shift(%c) {precision = 8, shift_bit = 9}
          return %y
        }
        """;

    [SkippableFact]
    public void A_null_reference_is_caught_behind_generated_code() => Catches(new CpuEngine(Matrices(threads: 1)));

    /// <summary>Whose kernels of bytes use matrices, too.</summary>
    [Fact]
    public void A_null_reference_is_caught_behind_ONNX_Runtime() => Catches(new OnnxIntegerEngine(ExactExporter.Instance));

    [SkippableFact]
    public void Threads_of_the_engine_give_their_memory_back()
    {
        const int Runs = 100;
        var engine = new CpuEngine(Matrices(threads: 3));
        Run(engine);
        int before = File.ReadLines("/proc/self/maps").Count();
        for (int i = 0; i < Runs; i++) Run(engine);
        // Other tests map memory meanwhile; each thread that forgot its stack would leave four ranges.
        Assert.InRange(File.ReadLines("/proc/self/maps").Count() - before, int.MinValue, 4 * Runs);
    }

    private static CpuOptions Matrices(int threads)
    {
        Skip.IfNot(InstructionSet.AtHand.Contains(CpuInstructions.CodeAmx), "the processor, or the system, has no matrices");
        return new CpuOptions { Instructions = CpuInstructions.CodeAmx, Threads = threads };
    }

    private static void Catches(IEngine engine)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                Run(engine);
                for (int i = 0; i < 100; i++) Assert.Throws<NullReferenceException>(() => LengthOf(null));
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void Run(IEngine engine)
    {
        var graph = TextParser.ParseOne(Layer);
        using var executable = engine.Prepare(graph);
        executable.Run([.. Agreement.RandomInputs(graph, seed: 1)]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int LengthOf(string? text) => text!.Length;
}
