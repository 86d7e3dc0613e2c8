using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>How a sum or maximum over neighbouring axes sees its operand: [Outer, Count, Inner], of which the middle goes.</summary>
/// <param name="StartsFromZero">Whether a maximum is at least 0: without an axis list it is.</param>
internal readonly record struct Reduction3D(int Outer, int Count, int Inner, bool StartsFromZero)
{
    /// <returns>Null for other operations, and where axes between the reduced ones stay.</returns>
    public static Reduction3D? Of(Operation operation)
    {
        if (operation.Spec != CvmReduce.Sum && operation.Spec != CvmReduce.Max) return null;
        var shape = operation.Operands[0].Type.Shape;
        if (shape.Count is 0 or > int.MaxValue) return null;
        int[] axes = [.. CvmReduce.Axes(operation).Where(axis => shape[axis] > 1)];
        int first = axes.FirstOrDefault(), end = axes.Length == 0 ? 0 : axes[^1] + 1;
        if (Enumerable.Range(first, end - first).Any(axis => shape[axis] > 1 && !axes.Contains(axis))) return null;
        bool startsFromZero = operation.Ints("axis").IsEmpty && !operation.Bool("exclude");
        return new(Elements(shape.Dims[..first]), Elements(shape.Dims[first..end]), Elements(shape.Dims[end..]), startsFromZero);
    }

    private static int Elements(ReadOnlySpan<int> dims) => (int)Shape.Of(dims).Count;
}

/// <summary>Sum or maximum over neighbouring axes of a plain value.</summary>
internal sealed class ReduceStep(Value value, Reduction3D reduction, PlainBuffer from, PlainBuffer to) : Step
{
    private readonly bool _isMaximum = value.Producer!.Spec == CvmReduce.Max;

    public override IReadOnlyList<Storage> Reads => [from];

    public override IReadOnlyList<Storage> Writes => [to];

    public override Value Subject => value;

    public override IEnumerable<(Value Value, Tensor<int> Tensor)> Results() =>
        [(value, Tensor.Create(value.Type.Shape, to.Block.Span.ToArray()))];

    public override void Run(Workers workers) => workers.Run(part =>
    {
        var (first, end) = Share(reduction.Outer, part, workers.Parts);
        int length = reduction.Count * reduction.Inner;
        for (int i = first; i < end; i++)
            Reduce(from.Block.Span.Slice(i * length, length), to.Block.Span.Slice(i * reduction.Inner, reduction.Inner));
    });

    private void Reduce(ReadOnlySpan<int> all, Span<int> result)
    {
        if (reduction.Inner == 1)
        {
            result[0] = _isMaximum ? TensorPrimitives.Max(all) : TensorPrimitives.Sum(all);
        }
        else
        {
            all[..result.Length].CopyTo(result);
            for (int at = result.Length; at < all.Length; at += result.Length)
            {
                if (_isMaximum) TensorPrimitives.Max(result, all.Slice(at, result.Length), result);
                else TensorPrimitives.Add(result, all.Slice(at, result.Length), result);
            }
        }
        if (_isMaximum && reduction.StartsFromZero) TensorPrimitives.Max(result, 0, result);
    }
}
