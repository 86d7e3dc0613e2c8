using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Splitting;
using CortexMl.Tensors;

namespace CortexMl.Restoring;

//      integers ──▶ raw integers of %a ─(÷ scale)─▶ float: %b = f(%a), %c = g(%b) ─(· scale)─▶ forms of %c ──▶ integers
//
/// <summary>
/// A compiled graph of which some operations are computed in float instead: the integers in front of them, the islands that they make, and
/// the integers behind, in waves. A wave runs what integers its islands need, then its islands, all that need no later ones. What the
/// islands read are the raw integers of an operation, before they are rounded for anybody; what they make becomes those of their own
/// operations, which others read, or what they are requantized to. So an operation that integers do exactly, as a relu, changes nothing.
/// Everything else is, number by number, the graph that was compiled. Operations between raw integers and an island that only hand on
/// what its data is rounded to are helpers: computed in float for the island, in integers for everybody else.
/// </summary>
internal sealed class FloatIslands
{
    private readonly StandIns _standIns;
    private readonly Graph _graph;
    private readonly HashSet<Operation> _restored, _helpers = [];
    private readonly Dictionary<Value, Value> _owners = [];
    private readonly Dictionary<Value, IslandEntry> _entries = [];
    private readonly Dictionary<Operation, int> _waveOf = [];
    private readonly HashSet<Value> _cuts;

    private FloatIslands(StandIns standIns, Graph graph, IEnumerable<Operation> restored)
    {
        (_standIns, _graph) = (standIns, graph);
        _restored = [.. restored];
        if (Floats.Outputs.Count != graph.Outputs.Count)
            throw new DiagnosticException(LibraryCodes.RestoreUnfit,
                $"a pass behind quantize made {Counted.Of(graph.Outputs.Count, "output")} of"
                + $" {Numerics.Numbers.Format(Floats.Outputs.Count)}",
                hint: "leave the pass out of the pipeline while operations stay in float");
        foreach (var value in Floats.Inputs.Concat(Floats.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)))
            if (standIns.Of(value, graph) is { } raw) _owners.TryAdd(raw.Integers, value);
        FindHelpers();
        FindEntries();
        _cuts = [.. _entries.Keys];
        FindWaves();
        Waves = [.. Enumerable.Range(1, _waveOf.Values.DefaultIfEmpty(0).Max()).Select(Wave)];
        Returned = [.. Floats.Outputs.Index().Select(o => IsRestored(o.Item) ? null : graph.Outputs[o.Index])];
        Value[] integers = [.. Returned.OfType<Value>().Distinct()];
        Last = integers.Length == 0 ? null : GraphSegment.Of(graph, _cuts, integers);
        LastOutputs = integers;
    }

    public Graph Floats => _standIns.Floats!;

    public IReadOnlyList<IslandWave> Waves { get; }

    /// <summary>For each output the value of the integer graph that is returned; null where an island makes it.</summary>
    public IReadOnlyList<Value?> Returned { get; }

    /// <summary>What computes the outputs that are integers; null where there are none.</summary>
    public GraphSegment? Last { get; }

    /// <summary>What <see cref="Last"/> returns, as values of the whole graph.</summary>
    public IReadOnlyList<Value> LastOutputs { get; }

    /// <param name="graph">Behind the last pass.</param>
    /// <param name="restored">Operations of <see cref="StandIns.Floats"/>.</param>
    /// <exception cref="DiagnosticException">CML0982: a pass behind quantize changed the outputs.</exception>
    public static FloatIslands Of(StandIns standIns, Graph graph, IEnumerable<Operation> restored) => new(standIns, graph, restored);

    /// <summary>Neighbours count as one.</summary>
    public static int Count(IEnumerable<Operation> restored)
    {
        var operations = restored.ToHashSet();
        int islands = 0;
        var seen = new HashSet<Operation>();
        foreach (var operation in operations)
        {
            if (seen.Contains(operation)) continue;
            islands++;
            var open = new Stack<Operation>([operation]);
            while (open.TryPop(out var next))
            {
                if (!operations.Contains(next) || !seen.Add(next)) continue;
                foreach (var producer in next.Operands.Select(o => o.Producer).OfType<Operation>()) open.Push(producer);
                foreach (var reader in next.Results.SelectMany(r => r.Uses).Select(u => u.User).OfType<Operation>()) open.Push(reader);
            }
        }
        return islands;
    }

    private bool IsRestored(Value value) => value.Producer is { } producer && _restored.Contains(producer);

    private bool IsFloat(Operation operation) => _restored.Contains(operation) || _helpers.Contains(operation);

    private bool IsFloat(Value value) => value.Producer is { } producer && IsFloat(producer);

    private IEnumerable<Operation> InFloat => Floats.Operations.Where(IsFloat);

    /// <summary>
    /// What makes operands that have no integers of their own, as exact as others: those who read them look through their operation, which
    /// is saturation, or said already to what they are to be rounded, or a pass put it in front of them.
    /// </summary>
    private void FindHelpers()
    {
        foreach (var operation in Floats.Operations.Reverse().Where(IsFloat))
            foreach (var operand in operation.Operands.Where(o => !o.IsInput && !o.IsConstant && !IsFloat(o) && !HasOwnIntegers(o)))
                _helpers.Add(operand.Producer!);
    }

    private bool HasOwnIntegers(Value value) => _standIns.Of(value, _graph) is { } raw && _owners[raw.Integers] == value
        && !_standIns.IsRounded(value) && !_standIns.IsMade(value);

    /// <summary>Integers that others read of what islands make. Those that stand for several values are the first one's.</summary>
    private void FindEntries()
    {
        var ranges = Intervals.Of(_graph);
        foreach (var value in Floats.Operations.Where(_restored.Contains).SelectMany(o => o.Results))
            if (_standIns.Of(value, _graph) is { Integers: { IsConstant: false } integers, Scale: var scale } && _owners[integers] == value)
                _entries.TryAdd(integers, new(integers, value, scale, Within(ranges[integers].All, integers)));
    }

    /// <summary>What was proven of the integers, so that no float result can make a sum wrap.</summary>
    private static Interval Within(Interval proven, Value integers) =>
        proven.Clamp(-integers.Type.Element.Bound, integers.Type.Element.Bound);

    private void FindWaves()
    {
        foreach (var operation in InFloat)
            _waveOf[operation] = operation.Operands.Where(o => !o.IsConstant && !o.IsInput).Select(WaveBefore).DefaultIfEmpty(1).Max();
    }

    /// <summary>The first wave in which what reads a value can run.</summary>
    private int WaveBefore(Value operand) => IsFloat(operand) ? _waveOf[operand.Producer!]
        : 1 + GraphSegment.EntriesOf(Raw(operand), _cuts).Select(e => _waveOf[_entries[e].Real.Producer!]).DefaultIfEmpty(0).Max();

    private Value Raw(Value value) => _standIns.Of(value, _graph)!.Integers;

    private IslandWave Wave(int number)
    {
        Operation[] operations = [.. InFloat.Where(o => _waveOf[o] == number)];
        var own = operations.SelectMany(o => o.Results).ToHashSet();
        Value[] read = [.. operations.SelectMany(o => o.Operands).Where(o => !o.IsConstant && !own.Contains(o)).Distinct()];
        StandIn[] integers = [.. read.Where(v => !v.IsInput && !IsFloat(v)).Select(v => _standIns.Of(v, _graph)!)];
        Value[] made = [.. own.Where(v => v.IsOutput || _entries.Values.Any(e => e.Real == v)
            || v.Uses.Any(u => u.User is { } user && IsFloat(user) && _waveOf[user] > number))];
        Value[] outputs = [.. integers.Select(i => i.Integers).Distinct()];
        return new IslandWave(
            outputs.Length == 0 ? null : GraphSegment.Of(_graph, _cuts, outputs), outputs,
            [
                .. read.Where(v => !v.IsInput && !IsFloat(v))
                    .Zip(integers, (real, form) => new IslandEntry(form.Integers, real, form.Scale, default)),
            ],
            IslandGraph.Of(operations, read, made, _standIns), [.. _entries.Values.Where(e => own.Contains(e.Real))]);
    }
}

/// <summary>A float value, and integers that stand for it in the compiled graph: real = integer / scale.</summary>
/// <param name="Range">What the integers may be.</param>
internal sealed record IslandEntry(Value Integers, Value Real, Scale Scale, Interval Range);

/// <summary>What runs together.</summary>
/// <param name="Integers">Computes the integers that the islands read; null where they read none.</param>
/// <param name="Outputs">What that returns, as values of the whole graph.</param>
/// <param name="Read">Which float values they stand for.</param>
/// <param name="Entries">Integers that others read of what the islands make.</param>
internal sealed record IslandWave(
    GraphSegment? Integers, IReadOnlyList<Value> Outputs, IReadOnlyList<IslandEntry> Read, IslandGraph Island,
    IReadOnlyList<IslandEntry> Entries);

/// <summary>Float operations as a graph of their own.</summary>
/// <param name="Inputs">Values of the whole float graph, one for each input.</param>
/// <param name="Results">Values of the whole float graph, one for each output.</param>
internal sealed record IslandGraph(Graph Graph, IReadOnlyList<Value> Inputs, IReadOnlyList<Value> Results)
{
    public static IslandGraph Of(IReadOnlyList<Operation> operations, IReadOnlyList<Value> inputs, IReadOnlyList<Value> results,
        StandIns standIns)
    {
        var build = new GraphBuilder("island", Level.Float);
        var copies = new Dictionary<Value, Value>();
        foreach (var input in inputs) copies[input] = build.Input(input.Name ?? "value", TensorType.Float(input.Type.Shape));
        foreach (var operation in operations)
        {
            foreach (var operand in operation.Operands.Where(o => o.IsConstant && !copies.ContainsKey(o)))
                copies[operand] = build.Constant(operand.Name!, operand.Constant!, operand.Type);
            var copy = build.Operation(
                operation.Spec, [.. operation.Operands.Select(o => copies[o])], operation.Attributes,
                [.. operation.Results.Select(r => r.Name)], operation.Location);
            foreach (var (old, result) in operation.Results.Zip(copy.Results))
                copies[old] = standIns.LimitOf(old) is { } most ? Limited(build, result, most) : result;
        }
        foreach (var result in results) build.Output(copies[result]);
        return new(build.Build(), inputs, results);
    }

    //  max(x, -c), whose upper limit saturation makes   ⇒   min(max(x, -c), limit)
    private static Value Limited(GraphBuilder build, Value value, IReadOnlyList<float> most)
    {
        int[] behind = [.. Enumerable.Repeat(1, Math.Max(0, value.Type.Shape.Rank - 2))];
        var limit = build.Constant("limit", Tensor.Create(Shape.Of([most.Count, .. behind]), most.ToArray()));
        return build.Op(NnBinary.Min, [value, limit]);
    }
}
