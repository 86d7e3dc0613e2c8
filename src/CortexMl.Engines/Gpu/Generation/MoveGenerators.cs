using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>Operations that move elements to other coordinates: each element of the result is one of an operand.</summary>
internal static class MoveGenerators
{
    public static IEnumerable<OperatorGenerator> All =>
    [
        OperatorGenerator.Element(CvmShape.Transpose, Transpose),
        OperatorGenerator.Element(CvmShape.Concatenate, Concatenate),
        OperatorGenerator.Element(CvmShape.Repeat, Repeat),
        OperatorGenerator.Element(CvmShape.Tile, Tile),
        OperatorGenerator.Element(CvmShape.StridedSlice, StridedSlice),
        OperatorGenerator.Element(CvmShape.SliceLike, (scope, i) => scope.Operand(0).At(Coordinates(i))),
    ];

    private static Expr Transpose(OperationScope scope, ElementIndex index)
    {
        int[] permutation = CvmShapeRules.Permutation(scope.Op);
        var coordinates = new Expr[permutation.Length];
        for (int axis = 0; axis < permutation.Length; axis++) coordinates[permutation[axis]] = index[axis];
        return scope.Operand(0).At(coordinates);
    }

    // The operand is found by its part of the axis; only that one is read.
    private static Expr Concatenate(OperationScope scope, ElementIndex index)
    {
        var k = scope.Kernel;
        int axis = index.Shape.Axis(scope.Op.Int("axis"));
        var coordinates = Coordinates(index);
        var place = k.Once("place", coordinates[axis]);
        var element = k.Let("element", 0);
        Choose(0, 0);
        return element;

        void Choose(int operand, int from)
        {
            int end = from + scope.Op.Shape(operand)[axis];
            void Read() =>
                k.Assign(element, scope.Operand(operand).At([.. coordinates[..axis], place - from, .. coordinates[(axis + 1)..]]));
            if (operand == scope.OperandCount - 1) Read();
            else k.If(place < end, Read, () => Choose(operand + 1, end));
        }
    }

    private static Expr Repeat(OperationScope scope, ElementIndex index)
    {
        var coordinates = Coordinates(index);
        coordinates[index.Shape.Axis(scope.Op.Int("axis"))] /= (int)scope.Op.Int("repeats");
        return scope.Operand(0).At(coordinates);
    }

    // Axes that only the result has are repetitions of everything.
    private static Expr Tile(OperationScope scope, ElementIndex index)
    {
        var data = scope.Op.Shape(0);
        int added = index.Shape.Rank - data.Rank;
        return scope.Operand(0).At([.. Enumerable.Range(0, data.Rank).Select(axis => Place(axis))]);

        Expr Place(int axis) => index.Shape[axis + added] == data[axis] ? index[axis + added] : index[axis + added] % data[axis];
    }

    private static Expr StridedSlice(OperationScope scope, ElementIndex index)
    {
        var slices = CvmSlice.Of(scope.Op);
        // An axis of one element may have any stride, even one beyond 32 bits.
        return scope.Operand(0)
            .At([.. slices.Select((slice, axis) =>
            slice.Length == 1 ? (int)slice.Begin : (index[axis] * (int)slice.Stride) + (int)slice.Begin)]);
    }

    private static Expr[] Coordinates(ElementIndex index) => [.. Enumerable.Range(0, index.Shape.Rank).Select(axis => index[axis])];
}
