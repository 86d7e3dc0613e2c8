using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

//  [2, M, K] · [2, K, N]   ⇒   dense(%a0, %b0), dense(%a1, %b1), one below the other, as [2, M, N]
//
/// <summary>
/// Products of 8 bits of the operands of one matmul, or of their parts: a batch is sliced into its matrices, each of which is there once
/// however often it is met, unless all rows of the batch meet the same one.
/// </summary>
internal sealed class BatchedProduct(Operation op, Quantizer quantizer)
{
    private readonly Dictionary<Value, Value> _listed = [];
    private readonly Dictionary<(Value Listed, int Place), Value> _matrices = [];
    private readonly Shape _result = op.Result.Type.Shape;
    private readonly Shape _ownA = Batch(op["a"].Type.Shape), _ownB = Batch(op["b"].Type.Shape);

    public static Shape Batch(Shape shape) => Shape.Of(shape.Take(shape.Rank - 2));

    /// <param name="a">In the shape of the first operand.</param>
    /// <param name="columns">In that of the second one, each matrix transposed.</param>
    public Value Of(Value a, Value columns)
    {
        var scale = Scale.PerTensor(a.Type.Scale!.Value * columns.Type.Scale!.Value);
        var batch = Batch(_result);
        if (_ownB.Count == 1)
        {
            var rows = Reshaped(a, Shape.Of((int)(batch.Count * _result[^2]), a.Type.Shape[^1]));
            return Reshaped(Dense(rows, Listed(columns)), _result);
        }
        Value[] products = [.. Enumerable.Range(0, (int)batch.Count).Select(
            i => Dense(Matrix(Listed(a), _ownA, batch, i), Matrix(Listed(columns), _ownB, batch, i)))];
        return Reshaped(quantizer.Emit(CvmShape.Concatenate, products, Attributes.Of(("axis", 0)), scale), _result);

        Value Dense(Value rows, Value weights) => quantizer.Emit(
            CvmConv.Dense, [rows, weights], ConvolutionLowering.WithBias(Attributes.Of(("units", _result[^1])), hasBias: false), scale);
    }

    /// <summary>The matrices of a batch, one behind the other; a single one as it is.</summary>
    private Value Listed(Value value)
    {
        if (_listed.TryGetValue(value, out var known)) return known;
        var shape = value.Type.Shape;
        int count = (int)Batch(shape).Count;
        var matrix = Shape.Of(shape[^2], shape[^1]);
        return _listed[value] = Reshaped(value, count == 1 ? matrix : matrix.Insert(0, count));
    }

    /// <summary>The matrix of an operand that belongs to a matrix of the broadcast batch.</summary>
    /// <param name="own">The operand's batch.</param>
    /// <param name="index">In the broadcast batch.</param>
    private Value Matrix(Value listed, Shape own, Shape batch, int index)
    {
        var shape = listed.Type.Shape;
        if (shape.Rank == 2) return listed;
        int place = 0;
        var strides = batch.Strides();
        for (int axis = 0; axis < own.Rank; axis++)
        {
            int at = batch.Rank - own.Rank + axis;
            place = (place * own[axis]) + (own[axis] == 1 ? 0 : index / strides[at] % batch[at]);
        }
        if (_matrices.TryGetValue((listed, place), out var known)) return known;
        var slice = quantizer.Emit(CvmShape.StridedSlice, [listed],
            Attributes.Of(("begin", new[] { place, 0, 0 }), ("end", shape.With(0, place + 1))), listed.Type.Scale!);
        return _matrices[(listed, place)] = Reshaped(slice, Shape.Of(shape[1], shape[2]));
    }

    private Value Reshaped(Value value, Shape shape) => value.Type.Shape == shape ? value
        : quantizer.Emit(CvmShape.Reshape, [value], Attributes.Of(("shape", shape)), value.Type.Scale!);
}
