using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Channels;

/// <summary>
/// Channels that must have one scale, since operations hand it on from one to the other: disjoint sets over all channels of the values
/// that convolutions and dense layers read, and of what leads to them by <see cref="ChannelFlow"/>.
/// </summary>
internal sealed class ChannelClasses
{
    private readonly Dictionary<Value, int> _first = [];
    private readonly List<Value> _members = [];
    private readonly List<int> _parents = [];

    /// <summary>From which channel to which elements move, numbered as the sets are, in the order of the graph; each pair once.</summary>
    private readonly List<(int From, int To)> _flow = [];

    /// <param name="graph">Float level.</param>
    /// <param name="isRead">Values that may have a scale for each channel.</param>
    /// <param name="isWhole">Values whose channels share one scale.</param>
    public ChannelClasses(Graph graph, Func<Value, bool> isRead, Func<Value, bool> isWhole)
    {
        var values = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results));
        var open = new Stack<Value>(values.Where(v => !v.IsConstant && isRead(v)));
        while (open.TryPop(out var value))
        {
            if (_first.ContainsKey(value)) continue;
            Add(value);
            if (value.Producer is not { } producer || !ChannelFlow.Passes(producer)) continue;
            foreach (var operand in ChannelFlow.Carriers(producer)) open.Push(operand);
        }
        var known = new HashSet<(int, int)>();
        foreach (var value in values.Where(Contains))
        {
            if (isWhole(value) || IsFixed(value)) JoinAll(value);
            else if (value.Producer is { } producer && ChannelFlow.Passes(producer))
                ChannelFlow.Trace(producer, (operand, from, to) => Move(_first[operand] + from, _first[value] + to));
        }

        void Move(int from, int to)
        {
            if (!known.Add((from, to))) return;
            _flow.Add((from, to));
            Join(from, to);
        }
    }

    /// <summary>Every value that has channels here, constants among them.</summary>
    public IReadOnlyList<Value> Members => _members;

    /// <summary>Channels of all members together; numbers of sets are below it.</summary>
    public int Count => _parents.Count;

    public bool Contains(Value value) => _first.ContainsKey(value);

    /// <summary>The number of the set of a member's channel.</summary>
    public int Of(Value value, int channel) => Root(_first[value] + channel);

    /// <summary>Whether all channels of a member are one set.</summary>
    public bool IsWhole(Value value) => Of(value).All(set => set == Of(value, 0));

    /// <summary>The sets of a member's channels.</summary>
    public int[] Of(Value value) => [.. Enumerable.Range(0, value.Type.Shape[1]).Select(c => Of(value, c))];

    /// <summary>
    /// How far each channel of the members reaches: as far as the furthest of what it comes from, and no further than its own bound. What
    /// else is made of the same channels bounds nothing.
    /// </summary>
    /// <param name="own">The own bounds of a member's channels.</param>
    /// <returns>Of a member and a channel of it.</returns>
    public Func<Value, int, double> Bounds(Func<Value, IEnumerable<double>> own)
    {
        double[] bounds = [.. _members.SelectMany(own)], arriving = new double[Count];
        Array.Fill(arriving, double.NaN);
        foreach (var (from, to) in _flow) arriving[to] = double.MaxNumber(arriving[to], Bound(from));
        return (value, channel) => Bound(_first[value] + channel);

        double Bound(int node) => double.MinNumber(bounds[node], arriving[node]);
    }

    /// <summary>A value that no requantization follows on its way here: what made it makes one scale.</summary>
    private static bool IsFixed(Value value) => value.Producer is { Constant: null } producer && !ChannelFlow.Passes(producer)
        && (producer.Spec.Is(OpTraits.Moves) || producer.Spec == NnShape.Pad || producer.Spec == NnUnary.Clip
            || producer.Spec == NnReduce.Max || producer.Spec == NnPool.GlobalMaxPool || producer.Spec == NnPool.MaxPool2D);

    private void Add(Value value)
    {
        _first[value] = _parents.Count;
        _members.Add(value);
        for (int c = 0; c < value.Type.Shape[1]; c++) _parents.Add(_parents.Count);
    }

    private void JoinAll(Value value)
    {
        for (int c = 1; c < value.Type.Shape[1]; c++) Join(Of(value, 0), Of(value, c));
    }

    /// <summary>The smaller number stays the set's, so that the order of joining does not show.</summary>
    private void Join(int a, int b)
    {
        int low = Math.Min(Root(a), Root(b)), high = Math.Max(Root(a), Root(b));
        _parents[high] = low;
    }

    private int Root(int node)
    {
        while (_parents[node] != node)
        {
            _parents[node] = _parents[_parents[node]];
            node = _parents[node];
        }
        return node;
    }
}
