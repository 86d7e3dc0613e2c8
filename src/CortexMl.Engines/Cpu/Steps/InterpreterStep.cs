using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>An operation that no group took: the interpreter's kernel.</summary>
internal sealed class InterpreterStep(
    Operation operation, IReadOnlyList<Func<Block>> operands, IReadOnlyList<PlainBuffer> reads, IReadOnlyList<PlainBuffer> writes) : Step
{
    private static readonly InterpreterOptions s_options = new();
    private readonly Kernel _kernel = KernelTable.Find(operation.Spec)!;
    private KernelContext? _context;

    public override IReadOnlyList<Storage> Reads => reads;

    public override IReadOnlyList<Storage> Writes => writes;

    public override Value Subject => operation.Results[0];

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() =>
        operation.Results.Select((value, i) => (value, Tensor.Create(value.Type.Shape, writes[i].Block.Span.ToArray())));

    public override void Bind() =>
        _context = new KernelContext(operation, [.. operands.Select(o => o())], [.. writes.Select(w => w.Block)], s_options);

    public override void Run(Workers workers) => _kernel(_context!);
}
