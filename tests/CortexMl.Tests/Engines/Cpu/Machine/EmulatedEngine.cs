using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>The CPU engine, whose generated kernels are run by the machine; all others use AVX2.</summary>
/// <param name="change">Of the code of every kernel.</param>
/// <param name="block">That products between matrices get; null for what costs least.</param>
internal sealed class EmulatedEngine(
    CodeSet set, bool isWindows = false, Func<byte[], byte[]>? change = null, MatrixBlock? block = null)
{
    private static readonly Type[] s_missing = [typeof(VnniQuadDot), typeof(VnniPairDot)];

    public X86Processor Processor { get; } = X86Processor.Of(set, isWindows);

    public IEngine Observed(Action<Value, Tensor<int>> observe)
    {
        var store = new CodeStore((code, constants) => new EmulatedKernel(change?.Invoke(code) ?? code, constants, Processor))
        {
            IsWindows = isWindows,
        };
        var others = KernelList.OfEngine.All
            .Where(kernel => kernel is not (ProductCodeProvider or SlidingCodeProvider or FoldCodeProvider or LoadCodeProvider)
                && !kernel.GetType().GenericTypeArguments.Any(s_missing.Contains));
        return new CpuEngine(new CpuOptions { Observe = observe })
        {
            Assumed = Enum.GetValues<CpuInstructions>().Single(instructions => instructions.Code() == set),
            Kernels = new KernelList(
            [
                new EmulatedProvider(new ProductCodeProvider(store) { Block = block }, Processor),
                new EmulatedProvider(new SlidingCodeProvider(store), Processor),
                new EmulatedProvider(new FoldCodeProvider(store), Processor),
                new EmulatedProvider(new LoadCodeProvider(store), Processor),
                .. others,
            ]),
        };
    }

    /// <summary>A provider of generated code; its steps tell the processor which memory is theirs.</summary>
    private sealed class EmulatedProvider(KernelProvider inner, X86Processor processor) : KernelProvider
    {
        public override int Tile => inner.Tile;

        public override bool Takes(KernelQuestion question) => inner.Takes(question);

        public override Step Make(KernelParts parts)
        {
            var step = (CodeStep)inner.Make(parts);
            processor.Forms.Add(step.Form);
            return new EmulatedStep(step, processor);
        }
    }

    private sealed unsafe class EmulatedStep(CodeStep inner, X86Processor processor) : Step
    {
        public override IReadOnlyList<Storage> Reads => inner.Reads;

        public override IReadOnlyList<Storage> Writes => inner.Writes;

        public override Value Subject => inner.Subject;

        public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() => inner.Results();

        public override void Bind() => inner.Bind();

        public override void Run(Workers workers)
        {
            var parts = inner.Parts;
            processor.Ranges =
            [
                .. Writes.Cast<PackedBuffer>().Select(buffer => new X86Range("the result", buffer.Pointer, buffer.Bytes, isWritten: true)),
                .. Reads.Cast<PackedBuffer>().Select((buffer, i) => new X86Range($"operand {i}", buffer.Pointer, buffer.Bytes)),
                .. parts.Others.Select(other => Of("the pixels of another tensor", other.Pixels)),
                Of("the pixels", parts.Pixels), Of("the result's pixels", parts.Results), Of("the weights", parts.Weights),
                Of("the steps", parts.Steps), Of("the tables", parts.Tables),
                Of("the lookups", parts.Lookups),
                .. parts.Windows is { } windows ? [Of("the windows", windows)] : Array.Empty<X86Range>(),
                .. parts.Entries is { } entries ? [Of("the first entries", entries.Firsts), Of("places of sums", entries.Sums)]
                    : Array.Empty<X86Range>(),
            ];
            inner.Run(workers);
            processor.Ranges = [];
        }

        private static X86Range Of<T>(string name, Pinned<T> memory) where T : unmanaged => new(name, memory.Pointer, memory.Bytes);
    }
}

/// <summary>Compares what emulated kernels compute with the interpreter.</summary>
internal static class EmulatedAgreement
{
    /// <returns>Calls of generated kernels.</returns>
    public static int Check(CodeSet set, Graph graph, IReadOnlyList<Tensor<int>> inputs, bool isWindows = false)
    {
        var engine = new EmulatedEngine(set, isWindows);
        Agreement.Check($"{set}, emulated", engine.Observed, graph, inputs);
        return engine.Processor.Calls;
    }
}
