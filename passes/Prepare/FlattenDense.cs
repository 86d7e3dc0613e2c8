using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.dense(%x, @w) : f32[1, 7, 10]    ⇒    %0 = nn.reshape(%x) {shape = [7, 64]}
//                                                %1 = nn.dense(%0, @w) : f32[7, 10]
//                                                %2 = nn.reshape(%1) {shape = [1, 7, 10]}
//
// The CVM's dense takes rank 2 alone, and its weights are constants: of two factors the constant one becomes the weight.
public sealed class FlattenDense : RewritePass
{
    public static readonly PassInfo Record = new(
        "flatten-dense", "Make dense layers and products with constants rank 2", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // dense(x, w) + b with a computed bias → dense(x, w) + b as a sum
        Rule.On(NnConv.Dense).Where(op => op.Operands is [_, _, { IsConstant: false }]).Rewrite((op, context) =>
            context.Insert(op, NnBinary.Add, [context.Insert(op, NnConv.Dense, [.. op.Operands.Take(2)]), op["bias"]])),
        // dense(x, w) with computed w → matmul(x, wᵀ), + b
        Rule.On(NnConv.Dense).Where(op => !op["weight"].IsConstant).Rewrite(Computed),
        // matmul(W, x) with a constant W[M, K] → (dense(xᵀ, W))ᵀ
        Rule.On(NnConv.MatMul).Where(op => op["a"] is { IsConstant: true, Type.Shape.Rank: 2 } && !op["b"].IsConstant)
            .Rewrite(ByWeight),
        // dense(x[…, K]) → reshape(dense(reshape(x, [rows, K])))
        Rule.On(NnConv.Dense).Where(op => op["data"].Type.Shape.Rank > 2).Rewrite(ToRank2),
        // matmul(x, W) with a constant W[K, N] → dense(x, Wᵀ)
        Rule.On(NnConv.MatMul).Where(op => op["b"] is { IsConstant: true, Type.Shape.Rank: 2 }).Rewrite(ToDense),
    ];

    private static Value Computed(Operation dense, PassContext context)
    {
        var product = context.Insert(dense, NnConv.MatMul, [dense["data"], Turned(dense, context, dense["weight"])]);
        return dense.Operands is [_, _, var bias] ? context.Insert(dense, NnBinary.Add, [product, bias]) : product;
    }

    private static Value ByWeight(Operation product, PassContext context)
    {
        var turned = Turned(product, context, product["b"]);
        return Turned(product, context, context.Insert(product, NnConv.Dense, [turned, product["a"]]));
    }

    /// <summary>The last two axes exchanged.</summary>
    private static Value Turned(Operation anchor, PassContext context, Value value)
    {
        int rank = value.Type.Shape.Rank;
        return context.Insert(anchor, NnShape.Transpose, [value],
            Attributes.Of(("axes", (int[])[.. Enumerable.Range(0, rank - 2), rank - 1, rank - 2])));
    }

    private static Value ToRank2(Operation dense, PassContext context)
    {
        var data = dense["data"].Type.Shape;
        int columns = data[^1], rows = (int)(data.Count / columns);
        var flat = context.Reshape(dense, dense["data"], Shape.Of(rows, columns));
        var product = context.Insert(dense, NnConv.Dense, [flat, .. dense.Operands.Skip(1)]);
        return context.Reshape(dense, product, dense.Result.Type.Shape);
    }

    private static Value ToDense(Operation product, PassContext context)
    {
        var old = product["b"];
        int rows = old.Type.Shape[0], columns = old.Type.Shape[1];
        float[] elements = old.Floats()!;
        var transposed = new double[elements.Length];
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++) transposed[j * rows + i] = elements[i * columns + j];
        var weight = context.Instead(product, old, Shape.Of(columns, rows), transposed);
        return context.Insert(product, NnConv.Dense, [product["a"], weight]);
    }
}
