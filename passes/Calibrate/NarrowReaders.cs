using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Whether a value is only read with few bits, so that giving up rare large numbers makes the others finer. Whoever reads 16 bits has them
/// for the large numbers too; an output is read with as many.
/// </summary>
internal sealed class NarrowReaders
{
    private readonly Dictionary<Value, bool> _known = [];

    /// <param name="graph">Its values are asked from the last on, so that a long network is no deep recursion.</param>
    public NarrowReaders(Graph graph)
    {
        foreach (var value in graph.Operations.Reverse().SelectMany(o => o.Results)) _ = this[value];
    }

    public bool this[Value value]
    {
        get
        {
            if (_known.TryGetValue(value, out bool known)) return known;
            return _known[value] = value.Uses.Count > 0 && value.Uses.All(use => use.User is { } reader && IsNarrow(reader));
        }
    }

    private bool IsNarrow(Operation reader) =>
        reader.Spec.Is(OpTraits.Product) || reader.Spec == NnConv.MatMul || AveragePools.IsConvolution(reader)
        || reader.Spec == NnSoftmax.Softmax || (HandsOn(reader) && this[reader.Result]);

    private static bool HandsOn(Operation op) => op.Results.Count == 1 && (op.Spec.Is(OpTraits.Moves) || op.Spec == NnUnary.Relu
        || op.Spec == NnUnary.Clip || op.Spec == NnPool.MaxPool2D || op.Spec == NnPool.GlobalMaxPool || op.Spec == NnReduce.Max);
}
