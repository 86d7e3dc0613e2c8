using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.take(@rows, %i) : f32[8, 256]             %0 = nn.dense(@rows, @w, @b)
//  %1 = nn.dense(%0, @w, @b) : f32[8, 64]      ⇒     %1 = nn.gelu(%0)
//  %2 = nn.gelu(%1)                                  %2 = nn.take(%1, %i) : f32[8, 64]
//
// What is done to each row that is looked up, one for all of them, is done to the table instead, where fold-constants finds nothing but
// constants: a dense layer behind a one-hot vector is a look-up of its weights.
public sealed class FoldLookups : RewritePass
{
    public static readonly PassInfo Record = new(
        "fold-lookups", "Compute layers of looked-up rows on the table of rows", Level.Float, Level.Float);

    private static readonly OpSpec[] s_pairwise =
        [NnBinary.Add, NnBinary.Sub, NnBinary.Mul, NnBinary.Div, NnBinary.Max, NnBinary.Min, NnBinary.Pow, NnBinary.Greater];

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // f(rows[i]) → f(rows)[i]
        .. UnaryFunctions.All.Keys.Select(spec => Rule.On(spec).Rewrite((op, context) =>
            Lookup.Of(op["data"]) is { } lookup ? lookup.Into(op, context, Map(op, context, [lookup.Rows])) : null)),
        // rows[i] + c → (rows + c)[i], and c + rows[i], for c that is the same for every index
        .. s_pairwise.SelectMany(spec => new[] { 0, 1 }.Select(at => Rule.On(spec).Where(op => op.Operands[1 - at].IsConstant)
            .Rewrite((op, context) => Paired(op, context, at)))),
        // dense(rows[i], w) → dense(rows, w)[i], where the table does not grow by more than the weights that are gone
        Rule.On(NnConv.Dense).Where(op => op.Operands.Skip(1).All(o => o.IsConstant)).Rewrite(Layer),
        // reshape(rows[i]) → rows[reshape(i)] where every row stays
        Rule.On(NnShape.Reshape).Rewrite(Renamed),
    ];

    /// <summary>The same of the table, under a name that is the same where the graph comes from a text, which tells no places.</summary>
    private static Value Map(Operation op, PassContext context, IReadOnlyList<Value> operands)
    {
        var table = context.Insert(op, op.Spec, operands, op.Attributes);
        context.Rewriter.SetName(table, $"{op.Result.Name ?? op.Spec.Name.Split('.')[^1]}.rows");
        return table;
    }

    private static Value? Paired(Operation op, PassContext context, int at)
    {
        if (Lookup.Of(op.Operands[at]) is not { } lookup || op.Result.Type.Shape != op.Operands[at].Type.Shape) return null;
        Value other = op.Operands[1 - at];
        var shape = other.Type.Shape;
        int extra = shape.Rank - lookup.Row.Rank;
        if (extra > 0 && shape.Take(extra).Any(d => d != 1)) return null;
        if (extra > 0) other = context.Reshape(op, other, Shape.Of(shape.Skip(extra)));
        return lookup.Into(op, context, Map(op, context, at == 0 ? [lookup.Rows, other] : [other, lookup.Rows]));
    }

    private static Value? Layer(Operation op, PassContext context)
    {
        if (Lookup.Of(op["data"]) is not { Row.Rank: > 0 } lookup) return null;
        long columns = lookup.Row[^1], units = op.Result.Type.Shape[^1], rows = lookup.Rows.Type.Shape.Count / columns;
        if (rows * units > rows * columns + op["weight"].Type.Shape.Count) return null;
        return lookup.Into(op, context, Map(op, context, [lookup.Rows, .. op.Operands.Skip(1)]));
    }

    private static Value? Renamed(Operation op, PassContext context)
    {
        if (Lookup.Of(op["data"]) is not { } lookup) return null;
        var shape = op.Result.Type.Shape;
        int leading = shape.Rank - lookup.Row.Rank;
        if (leading < 1 || Shape.Of(shape.Skip(leading)) != lookup.Row) return null;
        var indices = context.Reshape(op, lookup.Indices, Shape.Of(shape.Take(leading)));
        return context.Insert(op, NnLookup.Take, [lookup.Rows, indices]);
    }

    /// <summary>Rows of a table that is known, looked up by indices that are not; nobody else sees them.</summary>
    /// <param name="Row">Shape of one of them.</param>
    private sealed record Lookup(Value Rows, Value Indices, Shape Row)
    {
        /// <summary>Operations on constants that a table may be made of already.</summary>
        private const int Deepest = 16;

        public static Lookup? Of(Value value)
        {
            if (value is not { HasOneUse: true, IsOutput: false } || value.MadeBy(NnLookup.Take) is not { } take) return null;
            var rows = take["data"].Type.Shape;
            if (rows.Axis(take.Int("axis")) != 0 || !IsKnown(take["data"], Deepest) || IsKnown(take["indices"], Deepest)) return null;
            return new(take["data"], take["indices"], Shape.Of(rows.Skip(1)));
        }

        public Value Into(Operation op, PassContext context, Value rows) => context.Insert(op, NnLookup.Take, [rows, Indices]);

        private static bool IsKnown(Value value, int depth) => value.IsConstant
            || (depth > 0 && value.Producer is { } op && op.Operands.All(o => IsKnown(o, depth - 1)));
    }
}
