using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>Indices are clamped to what they point into, so any data will do.</summary>
internal static class LookupGenerators
{
    public static IEnumerable<OperatorGenerator> All =>
        [OperatorGenerator.Element(CvmLookup.Take, Take), OperatorGenerator.Element(CvmLookup.CvmLut, Table),
            OperatorGenerator.Element(CvmLookup.Where, Where)];

    // With an axis the indices' axes stand in its place; without one the data are flat.
    private static Expr Take(OperationScope scope, ElementIndex index)
    {
        var (data, indices) = (scope.Operand(0), scope.Operand(1));
        if (scope.Op.Get("axis") is null) return data.AtFlat(Within(scope, indices.SameNumber(index), (int)data.Shape.Count));
        int axis = data.Shape.Axis(scope.Op.Int("axis"));
        var coordinates = Enumerable.Range(0, index.Shape.Rank).Select(a => index[a]).ToArray();
        var place = Within(scope, indices.At(coordinates[axis..(axis + indices.Shape.Rank)]), data.Shape[axis]);
        return data.At([.. coordinates[..axis], place, .. coordinates[(axis + indices.Shape.Rank)..]]);
    }

    private static Expr Table(OperationScope scope, ElementIndex index)
    {
        var table = scope.Operand(1);
        return table.AtFlat(Within(scope, scope.Operand(0).At(index), (int)table.Shape.Count));
    }

    // A condition of one dimension chooses whole rows.
    private static Expr Where(OperationScope scope, ElementIndex index)
    {
        var condition = scope.Operand(0);
        long row = index.Shape.Count / condition.Shape.Count;
        Expr chosen = row == 1 ? condition.SameNumber(index) : condition.AtFlat(index.Flat / (int)row);
        Expr x = scope.Kernel.Once("chosen", chosen), yes = scope.Operand(1).At(index), no = scope.Operand(2).At(index);
        return x.Select(yes, no);
    }

    private static Expr Within(OperationScope scope, Expr place, int count) => scope.Kernel.Once("place", place.Clamp(0, count - 1));
}
