using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>Cuts a graph into groups. Operations that no group takes run on the interpreter's kernels.</summary>
internal sealed class GroupFinder
{
    private const long SmallBytes = 1 << 20, LargestBytes = 1 << 30;
    private const int LargestBorder = 64;

    /// <summary>Around each other: rows, then columns.</summary>
    private const int MostFrames = 2;

    private readonly Dictionary<Operation, Group> _groups = [];
    private readonly Dictionary<Operation, IReadOnlyList<Move>> _moves = [];
    private readonly HashSet<Operation> _claimed = [];

    private GroupFinder(Graph graph)
    {
        foreach (var operation in graph.Operations.Where(o => o.Constant is null && !_claimed.Contains(o)))
        {
            if (IsFlattening(operation)
                && operation.Result.Uses.All(u =>
                u is { Index: 0, User: { } user } && user.Spec == CvmConv.Dense && IsHead(user))) _claimed.Add(operation);
            else if (IsHead(operation)) Grow(operation, Data(operation), Bias(operation), operation);
            else if ((operation.Operands.Any(IsPacked) || IsFrameOfHeads(operation, MostFrames))
                && Move.Read(operation) is { } moves
                && operation.Operands.Append(operation.Result).Where(v => !v.IsConstant).All(v => Fits(v) && IsDense(v)))
            {
                _moves[operation] = moves;
                _claimed.Add(operation);
            }
            else if (operation.Operands.Any(IsPacked) && operation.Operands.FirstOrDefault(o => !o.IsConstant) is { } data
                && ChainReader.Read(operation, data) is { Count: > 0 } links
                && links.OfType<ChainLink.Combine>().All(c => Fits(c.Other)) && Fits(data) && Fits(operation.Result) && IsDense(data))
            {
                Grow(null, data, links, operation);
            }
        }
    }

    /// <summary>Every group under its last operation.</summary>
    public IReadOnlyDictionary<Operation, Group> Groups => _groups;

    /// <summary>Operations that only move elements, of which some come from groups.</summary>
    public IReadOnlyDictionary<Operation, IReadOnlyList<Move>> Moves => _moves;

    public static GroupFinder Of(Graph graph) => new(graph);

    public bool IsClaimed(Operation operation) => _claimed.Contains(operation);

    // Takes the users along as long as each is the only one.
    private void Grow(Operation? head, Value data, IReadOnlyList<ChainLink> start, Operation first)
    {
        List<ChainLink> links = [.. start];
        var last = first;
        _claimed.Add(first);
        while (last.Result is { HasOneUse: true } result && result.Uses[0].User is { } user && !_claimed.Contains(user)
            && ChainReader.Read(user, result) is { } more && more.OfType<ChainLink.Combine>().All(c => Fits(c.Other)))
        {
            links.AddRange(more);
            last = user;
            _claimed.Add(user);
        }
        _groups[last] = new Group(head, data, links, last);
    }

    /// <summary>Whether heads alone read a value with a frame around it.</summary>
    private static bool IsFrameOfHeads(Operation operation, int frames) => frames > 0 && Frame.Of(operation) is not null
        && operation.Result.Uses.All(u => u is { Index: 0, User: { } user } && IsHead(user)
            || (u.User is { } outer && IsFrameOfHeads(outer, frames - 1)));

    /// <summary>Whether a group or a move computes the value.</summary>
    private bool IsPacked(Value value) => value.Producer is { } producer && _claimed.Contains(producer);

    private static IReadOnlyList<ChainLink> Bias(Operation head) =>
        head.Spec.Is(OpTraits.Product) && head.Operand("bias") is { } bias ? [new ChainLink.Add(bias.Constant!.Integers.ToArray())] : [];

    private static bool IsHead(Operation operation)
    {
        if (operation.Operands[0].IsConstant || operation.Results.Count != 1 || !Fits(Data(operation)) || !Fits(operation.Result))
            return false;
        var spec = operation.Spec;
        if (spec.Is(OpTraits.Product)) return HasConstants(operation);
        if (spec == CvmPool.MaxPool2D || spec == CvmPool.UpSampling) return IsDense(operation.Operands[0]);
        if (spec != CvmReduce.Sum && spec != CvmReduce.Max) return false;
        return operation.Operands[0].Type.Shape.Rank == 4 && IsDense(operation.Operands[0])
            && (!operation.Ints("axis").IsEmpty || operation.Bool("exclude")) && CvmReduce.Axes(operation).SequenceEqual([2, 3]);
    }

    /// <summary>What a head reads: before a dense layer, the image rather than the same elements as a row.</summary>
    private static Value Data(Operation head) =>
        head.Spec == CvmConv.Dense && head.Operands[0].Producer is { } producer && IsFlattening(producer)
            ? producer.Operands[0]
            : head.Operands[0];

    /// <summary>Whether an operation lays every image of a batch out as a row.</summary>
    private static bool IsFlattening(Operation operation)
    {
        if (!operation.Spec.Is(OpTraits.Reshapes)) return false;
        Shape from = operation.Operands[0].Type.Shape, to = operation.Result.Type.Shape;
        return from.Rank == 4 && to.Rank == 2 && from[0] == to[0] && from[2] * from[3] > 1 && Fits(operation.Operands[0]);
    }

    private static bool HasConstants(Operation operation) => operation.Operands.Skip(1).All(o => o.IsConstant);

    /// <summary>Whether the packed value stays small, whichever convolutions read it.</summary>
    private static bool Fits(Value value)
    {
        if (value.IsConstant || View.Of(value.Type.Shape) is not { } view) return false;
        var paddings =
            value.Uses.Where(u => u.User?.Spec == CvmConv.Conv2D && u.Index == 0).Select(u => u.User!.Pair("padding")).ToList();
        long rows = paddings.Select(p => p.H).DefaultIfEmpty(0).Max(), columns = paddings.Select(p => p.W).DefaultIfEmpty(0).Max();
        if (rows > LargestBorder || columns > LargestBorder || view.Channels > LargestBytes) return false;
        Int128 bytes = (Int128)view.Batch * (view.Height + (2 * rows)) * (view.Width + (2 * columns)) * PackedChannels(view) * sizeof(int);
        return bytes <= LargestBytes;
    }

    /// <summary>Whether packing does not blow a value with few channels up too much.</summary>
    private static bool IsDense(Value value)
    {
        var view = View.Of(value.Type.Shape)!.Value;
        long packed = (long)view.Pixels * PackedChannels(view) * sizeof(int);
        return packed <= SmallBytes || packed <= 4 * sizeof(int) * view.Count;
    }

    private static long PackedChannels(View view) => (view.Channels + PackedLayout.Block - 1L) / PackedLayout.Block * PackedLayout.Block;
}
