using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>
/// Operators of MXNet's NumPy interface (1.6 and later) that say things otherwise than the older ones. Those that only have another
/// name stand with the older ones.
/// </summary>
internal static class MxNetNumpyOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("_np_reshape")
        {
            Doc = "nn.reshape; -1 is inferred",
            Attributes = [new("newshape"), new("order", "C", "C")],
            Import = n => Reshape(n, allowed: -1),
        },
        new("_npx_reshape", "_npi_reshape")
        {
            Doc = "nn.reshape; all special numbers are resolved",
            Attributes =
            [
                new("newshape", Doc: "-1 infer, -2 copy, -3 skip a 1, -4 copy the rest, -5 merge two, -6 split"),
                new("reverse", "False", "match from the end"), new("order", "C", "C"),
            ],
            Import = n => Reshape(n, allowed: -6),
        },
        new("_npi_concatenate", "_np_concatenate")
        {
            Doc = "nn.concat; without an axis of the elements in one row",
            IsVariadic = true,
            Attributes = [new("axis", "0", "None: all in one row"), new("dim", "None", "the axis, in some files")],
            Import = Concatenate,
        },
        new("_np_moveaxis", "_npi_moveaxis")
        {
            Doc = "nn.transpose",
            Attributes = [new("source"), new("destination")],
            Import = n => [n.Emit(NnShape.Transpose, [n.Data()], ("axes", Moved(n)))],
        },
        new("_split_v2", "_npi_split")
        {
            Doc = "nn.slice for each output",
            Attributes =
            [
                new("indices", "()", "where each part begins"), new("axis", "0"), new("squeeze_axis", "False"),
                new("sections", "0", "equal parts; 0 where there are indices"),
            ],
            Import = Split,
        },
        new("_np_broadcast_to", "_npi_broadcast_to")
        {
            Doc = "nn.reshape and nn.tile",
            Attributes = [new("shape")],
            Import = Broadcast,
        },
        new("_npi_matmul", "_np_matmul")
        {
            Doc = "nn.matmul; at least two axes each",
            Data = ["a", "b"],
            Import = n => n.Rank < 2 || n.Data(1).Type.Shape.Rank < 2
                ? throw n.Mismatch($"{n.Data(0).Type.Shape} · {n.Data(1).Type.Shape}: both factors must have two axes")
                : [n.Emit(NnConv.MatMul, [n.Data(0), n.Data(1)])],
        },
        new("_npi_where")
        {
            Doc = "nn.where; all three broadcast",
            Data = ["condition", "x", "y"],
            Import = n => [n.Emit(NnLookup.Where, [n.Data(0), n.Data(1), n.Data(2)])],
        },
        Reduction(NnReduce.Mean, "_npi_mean", "_np_mean"), Reduction(NnReduce.Sum, "_np_sum", "_npi_sum"),
        Reduction(NnReduce.Max, "_np_max", "_npi_max", "_np_amax"), Reduction(null, "_np_min", "_npi_min", "_np_amin"),
    ];

    private static Value[] Reshape(NodeImport n, int allowed)
    {
        n.Attributes.Require("order", "C");
        long[] codes = n.Attributes.Ints("newshape");
        if (Array.Exists(codes, c => c == 0 || c < allowed))
            throw n.Attributes.Unsupported("newshape", $"sizes from 1 on, and {(allowed == -1 ? "-1" : $"-1 to {allowed}")}");
        bool reverse = allowed < -1 && n.Attributes.Bool("reverse");
        return [n.Emit(NnShape.Reshape, [n.Data()], ("shape", NumpyReshapeCodes.Resolve(n.Data().Type.Shape, codes, reverse)))];
    }

    private static Value[] Concatenate(NodeImport n)
    {
        string axis = n.Attributes.Text("dim") is not null ? "dim" : "axis";
        if (n.Attributes.Text(axis) is not null)
            return [n.Emit(NnShape.Concat, n.AllData, ("axis", n.Axis(n.Attributes.Int(axis), n.Rank)))];
        var rows = n.AllData.Select((v, i) => n.Step($"row{i}", NnShape.Reshape, [v], ("shape", new[] { v.Type.Shape.Count })));
        return [n.Emit(NnShape.Concat, [.. rows], ("axis", 0))];
    }

    /// <summary>Axes at new places; the others stay in their order.</summary>
    private static int[] Moved(NodeImport n)
    {
        int[] from = Axes("source"), to = Axes("destination");
        if (from.Length != to.Length) throw n.Mismatch($"{Counted.Of(from.Length, "axis", "axes")} for {Counted.Of(to.Length, "place")}");
        var rest = new Queue<int>(Enumerable.Range(0, n.Rank).Except(from));
        return [.. Enumerable.Range(0, n.Rank).Select(a => Array.IndexOf(to, a) is >= 0 and var at ? from[at] : rest.Dequeue())];

        int[] Axes(string name)
        {
            int[] axes = [.. n.Attributes.Ints(name).Select(a => n.Axis(a, n.Rank))];
            return axes.Distinct().Count() == axes.Length ? axes : throw n.Mismatch($"an axis stands twice in {name}");
        }
    }

    private static Value[] Split(NodeImport n)
    {
        int axis = n.Axis(n.Attributes.Int("axis"), n.Rank), size = n.Data().Type.Shape[axis], parts = n.Attributes.Int("sections", 0);
        long[] begins = n.Attributes.Ints("indices");
        if (parts > 0)
        {
            if (size % parts != 0)
                throw n.Mismatch($"{Counted.Of(size, "element")} along axis {axis} cannot be split into {Counted.Of(parts, "part")}");
            begins = [.. Enumerable.Range(0, parts).Select(i => (long)i * (size / parts))];
        }
        begins = Array.ConvertAll(begins, at => at < 0 ? at + size : at);
        if (begins.Length == 0 || begins.Zip(begins.Skip(1).Append(size)).Any(p => p.First < 0 || p.First >= p.Second))
            throw n.Attributes.Unsupported("indices", "growing begins of parts that are not empty");
        var results = new Value[begins.Length];
        bool squeeze = n.Attributes.Bool("squeeze_axis");
        for (int i = 0; i < begins.Length; i++)
        {
            long begin = begins[i], end = i + 1 < begins.Length ? begins[i + 1] : size;
            results[i] = n.Step($"part{i}", NnShape.Slice, [n.Data()],
                ("begin", n.Data().Type.Shape.Select((_, a) => a == axis ? begin : 0).ToArray()),
                ("end", n.Data().Type.Shape.Select((d, a) => a == axis ? end : d).ToArray()),
                ("strides", Enumerable.Repeat(1, n.Rank).ToArray()));
            if (!squeeze) continue;
            if (end - begin != 1) throw n.Mismatch($"parts of {Counted.Of(end - begin, "element")} cannot be squeezed");
            results[i] = n.Step($"item{i}", NnShape.Squeeze, [results[i]], ("axes", new[] { axis }));
        }
        return results;
    }

    private static Value[] Broadcast(NodeImport n)
    {
        var own = n.Data().Type.Shape;
        long[] wanted = n.Attributes.Ints("shape");
        if (wanted.Length < own.Rank || Array.Exists(wanted, d => d < 1)) throw n.Mismatch($"{own} cannot be broadcast to that shape");
        var aligned = Shape.Of([.. Enumerable.Repeat(1, wanted.Length - own.Rank), .. own]);
        if (aligned.Where((d, a) => d != 1 && d != wanted[a]).Any()) throw n.Mismatch($"{own} cannot be broadcast to that shape");
        var value = n.Reshaped("aligned", n.Data(), aligned);
        return [n.Emit(NnShape.Tile, [value], ("repeats", wanted.Select((d, a) => d / aligned[a]).ToArray()))];
    }

    /// <param name="row">Null for the smallest element.</param>
    private static MxNetOp Reduction(OpSpec? row, params string[] names) => new(names)
    {
        Doc = row is null ? "-nn.reduce_max of -x" : row.Name,
        Attributes = [new("axis", "None", "one axis, several, or all"), new("keepdims", "False"), new("initial", "None", "None")],
        Import = n =>
        {
            if (n.Attributes.Text("initial") is not null) throw n.Attributes.Unsupported("initial", "None");
            int[] axes = n.Attributes.Text("axis") is null ? [.. Enumerable.Range(0, n.Rank)]
                : [.. n.Attributes.Ints("axis").Select(a => n.Axis(a, n.Rank)).Distinct().Order()];
            (string, AttributeValue)[] attributes = [("axes", axes), ("keepdims", n.Attributes.Bool("keepdims"))];
            if (axes.Length == 0) return [n.Emit(NnUnary.Identity, [n.Data()])];
            if (row is not null) return [n.Emit(row, [n.Data()], attributes)];
            return [n.Emit(
                NnUnary.Neg, [n.Step("largest", NnReduce.Max, [n.Step("negative", NnUnary.Neg, [n.Data()])], attributes)])];
        },
    };
}
