using CortexMl.Ir;
using CortexMl.Ir.Origins;

namespace CortexMl.Reports;

/// <summary>
/// Which integers a network computes with. A convolution's accumulators and what they are requantized to stand for one value: what the next
/// operation reads is the value as the network has it, and its noise is that of the value.
/// </summary>
internal static class ReadForms
{
    /// <summary>Values that stand for one of the loaded network and are read by something that does not; in the graph's order.</summary>
    public static IReadOnlyList<Value> Of(Graph graph)
    {
        // From the last to the first: where does what is computed from a value end?
        var ends = new Dictionary<Value, End>();
        var forms = new List<Value>();
        foreach (var value in graph.Operations.Where(o => o.Constant is null).Reverse().SelectMany(o => o.Results))
        {
            var end = value.Uses.Select(use => EndOf(use, ends)).Aggregate(End.Nowhere, (all, next) => all.And(next));
            if (value.Provenance is { } own && !end.IsWithin(own.Real)) forms.Add(value);
            ends[value] = end;
        }
        forms.Reverse();
        return forms;
    }

    private static End EndOf(Use use, Dictionary<Value, End> ends)
    {
        if (use.User is null) return End.Elsewhere;
        var next = use.User.Results.Select(result => result.Provenance is { } other ? new End(other.Real, false) : ends[result]);
        return next.Aggregate(End.Nowhere, (all, end) => all.And(end));
    }

    /// <summary>The one value of the loaded network in which all ways from a value end, if there is one.</summary>
    /// <param name="Only">Null for none yet.</param>
    /// <param name="IsMixed">Several, or an output.</param>
    private readonly record struct End(RealValue? Only, bool IsMixed)
    {
        public static readonly End Nowhere = new(null, false), Elsewhere = new(null, true);

        public End And(End other) =>
            IsMixed || other.IsMixed ? Elsewhere : Only is null ? other : other.Only is null || other.Only == Only ? this : Elsewhere;

        /// <summary>Whether they end in nothing but that value.</summary>
        public bool IsWithin(RealValue value) => !IsMixed && (Only is null || Only == value);
    }
}
