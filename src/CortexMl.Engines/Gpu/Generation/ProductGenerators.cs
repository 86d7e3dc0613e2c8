using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>
/// Convolution and dense layer, one thread per element: any groups, weights of any kind. Taps are unrolled, channels are a loop.
/// </summary>
internal static class ProductGenerators
{
    private const int MostUnrolled = 49;

    public static IEnumerable<OperatorGenerator> All =>
        [OperatorGenerator.Element(CvmConv.Conv2D, Conv2D), OperatorGenerator.Element(CvmConv.Dense, Dense)];

    private static Expr Dense(OperationScope scope, ElementIndex index)
    {
        var k = scope.Kernel;
        var sum = k.Let("sum", scope.Has(2) ? scope.Operand(2).At(index[1]) : 0);
        k.For("c", 0, scope.Op.Shape(0)[1],
            c => k.Assign(sum, sum + (scope.Operand(0).At(index[0], c) * scope.Operand(1).At(index[1], c))));
        return sum;
    }

    private static Expr Conv2D(OperationScope scope, ElementIndex index)
    {
        var (k, op) = (scope.Kernel, scope.Op);
        var (rows, columns) = SlidingWindow.Of(op);
        int depth = op.Shape(1)[1], perGroup = op.Shape(1)[0] / (int)op.Int("groups");
        Expr n = index[0], o = index[1];
        Expr first = k.Once("first", o / perGroup * depth);
        Expr row = k.Once("row", WindowExpressions.Start(rows, index[2]));
        Expr column = k.Once("column", WindowExpressions.Start(columns, index[3]));
        var sum = k.Let("sum", scope.Has(2) ? scope.Operand(2).At(o) : 0);
        k.For("c", 0, depth, c =>
        {
            Expr channel = k.Once("channel", first + c);
            if (rows.Kernel * columns.Kernel > MostUnrolled)
            {
                k.For("u", 0, (int)rows.Kernel, u => k.For("v", 0, (int)columns.Kernel, v => Tap(c, channel, u, v)));
                return;
            }
            for (int u = 0; u < rows.Kernel; u++)
                for (int v = 0; v < columns.Kernel; v++) Tap(c, channel, u, v);
        });
        return sum;

        void Tap(Expr c, Expr channel, Expr u, Expr v)
        {
            Expr i = k.Once("r", WindowExpressions.Tap(rows, row, u)), j = k.Once("s", WindowExpressions.Tap(columns, column, v));
            Expr inside =
                WindowExpressions.Inside(rows, i, op.Shape(0)[2]) & WindowExpressions.Inside(columns, j, op.Shape(0)[3]);
            k.If(inside, () => k.Assign(sum, sum + (scope.Operand(0).At(n, channel, i, j) * scope.Operand(1).At(o, c, u, v))));
        }
    }
}
