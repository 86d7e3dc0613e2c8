using System.Collections.Frozen;
using CortexMl.Diagnostics;
using CortexMl.Engines.Interpreter.Kernels;
using CortexMl.Ir;

namespace CortexMl.Engines.Interpreter;

/// <summary>What a kernel works on: where its operands and results lie, its attributes, and how to behave.</summary>
public sealed class KernelContext(IOperation op, IReadOnlyList<Block> inputs, IReadOnlyList<Block> outputs, InterpreterOptions options)
{
    /// <summary>Attributes with defaults, and operand shapes.</summary>
    public IOperation Op { get; } = op;

    public IReadOnlyList<Block> Inputs { get; } = inputs;

    public IReadOnlyList<Block> Outputs { get; } = outputs;

    public Block Output => Outputs[0];

    /// <summary>The operand that the row calls so, which is none of its optional ones unless <see cref="Op"/> has it.</summary>
    public Block this[string operand] => Inputs[Op.Spec.OperandIndex(operand)];

    public bool IsReferenceCpu { get; } = options.Profile == InterpreterProfile.ReferenceCpu;

    /// <summary>Whether sums of products must be watched for overflow, which costs time; element-wise kernels always count.</summary>
    public bool CountsWraps { get; } = options.TrapOverflow;

    /// <summary>Results so far that did not fit 32 bits.</summary>
    public long Wraps { get; set; }

    /// <summary>The low 32 bits of an exact result.</summary>
    public int Wrap(long exact)
    {
        int wrapped = unchecked((int)exact);
        if (wrapped != exact) Wraps++;
        return wrapped;
    }

    /// <summary>An inference that the runtime would fail with its runtime error.</summary>
    public DiagnosticException Failure(string message) =>
        new(EngineCodes.InferenceFailed, message, Op.Location, failure: FailureClass.Runtime);
}

/// <summary>Computes the results of one row. Operands and shapes are what the row's rules allow.</summary>
public delegate void Kernel(KernelContext context);

/// <summary>The kernel of every CVM row.</summary>
public static class KernelTable
{
    private static readonly FrozenDictionary<OpSpec, Kernel> ByRow = FrozenDictionary.ToFrozenDictionary(
        [
            .. UnaryKernels.All, .. BinaryKernels.All, .. ProductKernels.All, .. PoolKernels.All,
            .. ReduceKernels.All, .. ShapeKernels.All, .. LookupKernels.All, .. DetectionKernels.All,
        ]);

    public static Kernel? Find(OpSpec row) => ByRow.GetValueOrDefault(row);

    internal static KeyValuePair<OpSpec, Kernel> Of(OpSpec row, Kernel kernel) => new(row, kernel);
}
