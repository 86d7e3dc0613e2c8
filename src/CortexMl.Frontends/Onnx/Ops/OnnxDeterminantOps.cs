using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  | a b |
//  | c d |   ⇒   a · d - b · c          of more columns along the last row, each minor computed once
/// <summary>Determinants of small matrices.</summary>
internal static class OnnxDeterminantOps
{
    /// <summary>Rows: 2^n minors are computed.</summary>
    private const int Largest = 4;

    public static readonly OnnxOp[] Rows =
    [
        new("Det", $"nn.mul, nn.add and nn.sub of the elements; at most {Largest} by {Largest}") { Import = Determinant },
    ];

    private static Entry[] Determinant(OnnxNode n)
    {
        var shape = n.Shape();
        if (shape.Rank < 2 || shape[^1] != shape[^2]) throw n.Mismatch($"{shape} is no square matrix");
        int size = shape[^1];
        if (size > Largest)
            throw n.Refused($"a determinant of {size} by {size} has too many products", $"at most {Largest} by {Largest} is supported");
        var minors = new Value?[1 << size];
        for (int columns = 1; columns < minors.Length; columns++) minors[columns] = Minor(n, minors, columns, size);
        return n.Out(n.Emit(NnShape.Reshape, [minors[^1]!], ("shape", Shape.Of(shape.SkipLast(2)))));
    }

    /// <summary>The determinant of the first rows in these columns, as many as there are columns.</summary>
    private static Value Minor(OnnxNode n, Value?[] minors, int columns, int size)
    {
        int[] chosen = [.. Enumerable.Range(0, size).Where(c => (columns & 1 << c) != 0)];
        int row = chosen.Length - 1;
        if (row == 0) return Element(n, 0, chosen[0]);
        Value? sum = null;
        // From the last column to the first the signs alternate, beginning with +.
        foreach (var (i, column) in chosen.Reverse().Index())
        {
            string step = $"minor{columns}.{column}";
            var product = n.Step(step, NnBinary.Mul, [Element(n, row, column), minors[columns & ~(1 << column)]!]);
            sum = sum is null ? product : n.Step($"{step}.sum", i % 2 == 0 ? NnBinary.Add : NnBinary.Sub, [sum, product]);
        }
        return sum!;
    }

    /// <summary>[..., 1, 1]</summary>
    private static Value Element(OnnxNode n, int row, int column)
    {
        var shape = n.Shape();
        int rank = shape.Rank;
        return n.Step($"element{row}{column}", NnShape.Slice, [n.Data()],
            ("begin", shape.Select((_, a) => a == rank - 2 ? row : a == rank - 1 ? column : 0).ToArray()),
            ("end", shape.Select((d, a) => a == rank - 2 ? row + 1 : a == rank - 1 ? column + 1 : d).ToArray()),
            ("strides", Enumerable.Repeat(1, rank).ToArray()));
    }
}
