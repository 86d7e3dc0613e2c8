using CortexMl.Analysis;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Strips;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>
/// Makes a plan: groups, layouts, steps in the graph's order with copies between the layouts where both are needed, memory.
/// </summary>
internal sealed class Planner
{
    private readonly Graph _graph;
    private readonly long _maxBytes;
    private readonly CpuInstructions _instructions;
    private readonly GroupFinder _found;
    private readonly Dictionary<Value, PlainBuffer> _plain = [];
    private readonly Dictionary<Value, PackedBuffer> _packed = [];
    private readonly List<Step> _steps = [];

    private readonly HeldWeights _weights;

    private readonly KernelList _kernels;
    private readonly StripQueue _strips;

    private Planner(Graph graph, CpuInstructions instructions, long maxBytes, HeldWeights weights, KernelList kernels)
    {
        _graph = graph;
        _instructions = instructions;
        _maxBytes = maxBytes;
        _weights = weights;
        _kernels = kernels;
        _found = GroupFinder.Of(graph);
        _strips = new StripQueue(AddStrips);
    }

    /// <param name="maxBytes">Of working memory.</param>
    /// <param name="weights">Where packed weights are kept.</param>
    /// <param name="kernels">Of which the first that takes a group runs it.</param>
    public static Plan Make(Graph graph, CpuInstructions instructions, long maxBytes, WeightStore weights, KernelList kernels)
    {
        var held = new HeldWeights(weights);
        try
        {
            return new Planner(graph, instructions, maxBytes, held, kernels).Make();
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    private Plan Make()
    {
        ChooseLayouts();
        foreach (var input in _graph.Inputs) ComputedPlain(input);
        foreach (var operation in _graph.Operations.Where(o => o.Constant is null))
        {
            if (_found.Groups.TryGetValue(operation, out var group)) AddGroup(group);
            else if (_found.Moves.TryGetValue(operation, out var moves)) AddMove(operation.Result, moves);
            else if (!_found.IsClaimed(operation)) AddPlain(operation);
        }
        _strips.Finish();
        var inputs = _graph.Inputs.Select(i => (Storage)_plain[i]).ToList();
        var outputs = _graph.Outputs.Where(o => !o.IsConstant).Select(o => (Storage)_plain[o]).Distinct().ToList();
        long bytes = WorkingMemory.Place(_steps, inputs, outputs, _maxBytes);
        foreach (var step in _steps) step.Bind();
        return new Plan(_steps, _plain, bytes, _weights);
    }

    private void ChooseLayouts()
    {
        var (ranges, layouts) = (Intervals.Of(_graph), new PackedLayouts(_kernels, _instructions));
        var groups = _found.Groups.Values.ToList();
        var readers = groups.ToLookup(g => g.Data);
        var frames = _found.Moves.Keys.Select(o => (o.Result, Frame: Frame.Of(o))).Where(f => f.Frame is not null)
            .ToDictionary(f => f.Result, f => f.Frame!);
        var hosts = frames.GroupBy(f => f.Value.Inner).ToDictionary(g => g.Key, g => g.First());
        var results = groups.Select(g => g.Result).Concat(_found.Moves.Keys.Select(o => o.Result)).ToHashSet();
        var moved = _found.Moves.Values.SelectMany(m => m).Select(m => m.From).Where(v => !v.IsConstant);
        var operands = groups.SelectMany(g => g.Others).Concat(moved).ToHashSet();
        var places = _graph.Operations.Index().ToDictionary(o => o.Item, o => o.Index);
        // Backwards: what frames a value comes before it.
        foreach (var value in results.Concat(groups.Select(g => g.Data)).Concat(operands).Distinct()
            .OrderByDescending(v => v.Producer is { } producer ? places[producer] : -1))
        {
            var view = View.Of(value.Type.Shape)!.Value;
            IReadOnlyList<Group> own = [.. readers[value]];
            if (hosts.TryGetValue(value, out var host)
                && layouts.Within(_packed[host.Key].Layout, view, host.Value, own) is { } within)
                _packed[value] = new PackedBuffer(within, _packed[host.Key]);
            else
                _packed[value] = new PackedBuffer(
                    layouts.Of(view, ranges[value].All, results.Contains(Innermost(value)), own, operands.Contains(value)));
        }

        Value Innermost(Value value)
        {
            while (frames.TryGetValue(value, out var frame)) value = frame.Inner;
            return value;
        }
    }

    private void AddGroup(Group group)
    {
        foreach (var value in group.Others.Prepend(group.Data)) _strips.Want(value);
        var (data, result) = (_packed[group.Data], _packed[group.Result]);
        var kernel = _kernels.Find(new KernelQuestion(group, data.Layout.Kind, data.Layout.Highest, _instructions))
            ?? throw new InvalidOperationException($"no kernel takes {group.Head?.Spec.Name ?? "a chain"} on {data.Layout.Kind}");
        var links = Corrections.Apply(group, data.Layout, kernel.Centre);
        var stages = StageBuilder.Build(links, result.Layout.Blocks, other => _packed[other], Intervals.Of(_graph));
        _steps.Add(kernel.Make(new KernelParts
        {
            Group = group, Data = data, Stages = stages, Result = result, Instructions = _instructions, Weights = _weights,
        }));
        UnpackWhereNeeded(group.Result);
    }

    private void AddMove(Value result, IReadOnlyList<Move> moves)
    {
        foreach (var move in moves) _strips.Want(move.From);
        // What is framed lies there already.
        bool isThere = moves.Any(m => !m.From.IsConstant && _packed[m.From].IsWithin(_packed[result]));
        if (!isThere)
            _steps.Add(new PackedMoveStep(
                result, [.. moves.Select(move => BoxOf(move, _packed[result]))], _packed[result]));
        UnpackWhereNeeded(result);
    }

    private PackedBox BoxOf(Move move, PackedBuffer to)
    {
        var (size, begin, step, target) = (move.Size, move.Begin, move.Step, move.Target);
        if (ChannelNumbers.Of(move.From) is { } numbers)
        {
            int[] places = to.Layout.Offsets(size[0], size[2], size[3], (n, i, j) => (target[0] + n, target[2] + i, target[3] + j));
            for (int p = 0; p < places.Length; p++) places[p] += target[1] * (int)to.Layout.Kind;
            return new PackedBox(null, size[1], [], places) { Pixel = numbers.Pixels(to.Layout, size[1], size[1], 1) };
        }
        var from = _packed[move.From];
        int[] source = from.Layout.Offsets(
            size[0], size[2], size[3], (n, i, j) => (begin[0] + (n * step[0]), begin[2] + (i * step[2]), begin[3] + (j * step[3])));
        int[] place = to.Layout.Offsets(size[0], size[2], size[3], (n, i, j) => (target[0] + n, target[2] + i, target[3] + j));
        for (int p = 0; p < source.Length; p++)
        {
            source[p] += begin[1] * (int)from.Layout.Kind;
            place[p] += target[1] * (int)to.Layout.Kind;
        }
        return new PackedBox(from, size[1], source, place);
    }

    private void UnpackWhereNeeded(Value value)
    {
        if (!value.Uses.Any(u => u.User is null || !_found.IsClaimed(u.User))) return;
        _steps.Add(new UnpackStep(value, _packed[value], Computed(value)));
    }

    /// <summary>What no group on packed values takes.</summary>
    private void AddPlain(Operation operation)
    {
        if (_strips.Takes(operation))
        {
            _strips.Add(operation);
            return;
        }
        foreach (var operand in operation.Operands) _strips.Want(operand);
        if (operation.Spec.Is(OpTraits.Reshapes) && _plain.TryGetValue(operation.Operands[0], out var renamed))
            _plain[operation.Result] = renamed;
        else if (Reduction3D.Of(operation) is { } reduction && _plain.TryGetValue(operation.Operands[0], out var reduced))
            _steps.Add(new ReduceStep(operation.Result, reduction, reduced, Computed(operation.Result)));
        else if (PairDenseStep.Takes(operation, _instructions))
            _steps.Add(new PairDenseStep(operation, Operands(operation), Reads(operation.Operands), Computed(operation.Result)));
        else
            _steps.Add(new InterpreterStep(
                operation, Operands(operation), Reads(operation.Operands), [.. operation.Results.Select(Computed)]));
        foreach (var value in operation.Results) PackWhereNeeded(value);
    }

    private void AddStrips(StripGroup group)
    {
        var stored = group.Stored().ToDictionary(value => value, value => new PlainBuffer(value.Type.Shape));
        if (stored.Count == 0) return;
        var reads = group.Operations.SelectMany(StripTable.Operands).Where(value => !group.Roots.ContainsKey(value));
        _steps.Add(new StripStep(new StripProgram(group, stored, value => _plain[value]), group.Count, Reads(reads), stored));
        foreach (var (value, root) in group.Roots)
        {
            if (!stored.TryGetValue(root, out var buffer)) continue;
            _plain[value] = buffer;
            PackWhereNeeded(value);
        }
    }

    private IReadOnlyList<Func<Block>> Operands(Operation operation) =>
        [.. operation.Operands.Select<Value, Func<Block>>(operand => operand.Constant is { } constant
            ? () => new Block(((Tensor<int>)constant.Tensor).Data, operand.Type.Shape)
            : () => _plain[operand].Block with { Shape = operand.Type.Shape })];

    private IReadOnlyList<PlainBuffer> Reads(IEnumerable<Value> operands) =>
        [.. operands.Where(o => !o.IsConstant).Select(o => _plain[o]).Distinct()];

    private PlainBuffer Computed(Value result) => _plain[result] = new PlainBuffer(result.Type.Shape);

    private void ComputedPlain(Value input)
    {
        Computed(input);
        PackWhereNeeded(input);
    }

    private void PackWhereNeeded(Value value)
    {
        if (_packed.TryGetValue(value, out var packed)) _steps.Add(new PackStep(value, _plain[value], packed));
    }
}
