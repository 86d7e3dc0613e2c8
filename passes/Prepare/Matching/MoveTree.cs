using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>A value and what is made of it by moving its elements alone, chains and branches, and what each of them costs.</summary>
internal sealed class MoveTree
{
    /// <summary>Spellings of shuffles have four operations; below this depth values count as ones that others need.</summary>
    private const int MostOperations = 8;

    /// <summary>Elements whose way is followed one by one. Larger values count as ones that others need.</summary>
    private const long MostElements = 1 << 22;

    private readonly Value _root;

    /// <summary>Operations behind the root, each behind the one that makes its data.</summary>
    private readonly List<Operation> _moves = [];

    private readonly HashSet<Operation> _members = [];

    private bool _isDeep;

    private MoveTree(Value root)
    {
        _root = root;
        Grow(root, MostOperations);
    }

    /// <summary>What selects whole channels of the root; null where there is no chain, and nothing to be won.</summary>
    public static MoveTree? Below(Value root)
    {
        if (root.IsConstant || root.Type.Shape.Rank < 2 || root.Type.Shape.Count > MostElements) return null;
        var tree = new MoveTree(root);
        return tree._isDeep || tree._moves.Any(m => m.Spec == NnLookup.Take) ? tree : null;
    }

    /// <summary>
    /// The values to make out of the root at once, in the order of the graph, and how: what is not worth its gas is left out, down to none
    /// where nothing is saved.
    /// </summary>
    public IReadOnlyList<(Operation Move, ChannelSelection Selection)> Savings()
    {
        var selections = Selections();
        long gas = Gas(selections);
        foreach (var move in _moves.Where(selections.ContainsKey).Reverse().ToList())
        {
            var selection = selections[move];
            selections.Remove(move);
            if (Gas(selections) is var without && without <= gas) gas = without;
            else selections[move] = selection;
        }
        if (gas >= Gas([])) return [];
        return [.. _moves.Where(selections.ContainsKey).Select(move => (move, selections[move]))];
    }

    private void Grow(Value data, int depth)
    {
        if (depth == 0) return;
        foreach (var use in data.Uses)
        {
            if (use.User is not { } user || use.Index != 0 || !IsMove(user) || !_members.Add(user)) continue;
            _moves.Add(user);
            _isDeep |= depth < MostOperations;
            Grow(user.Result, depth - 1);
        }
    }

    /// <summary>A concatenation is none: the numbers of a constant that it brings would be taken for positions.</summary>
    private static bool IsMove(Operation operation) =>
        operation.Spec.Is(OpTraits.Moves) && operation.Spec != NnShape.Concat && NaiveKernels.Has(operation.Spec)
        && operation.Operands.Skip(1).All(o => o.IsConstant)
        && operation.Result.Type.Shape.Count <= MostElements;

    /// <summary>Follows every element of the root.</summary>
    private Dictionary<Operation, ChannelSelection> Selections()
    {
        var shape = _root.Type.Shape;
        var maps = new Dictionary<Value, Tensor<double>>
        {
            [_root] = Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(i => (double)i)]),
        };
        var selections = new Dictionary<Operation, ChannelSelection>();
        foreach (var move in _moves)
        {
            var constants = move.Operands.Skip(1).Select(o => o.Constant!.Tensor.ToDouble());
            var map = NaiveKernels.Evaluate(move, [maps[move.Operands[0]], .. constants]);
            maps[move.Result] = map;
            if (ChannelSelection.Of(shape, map.Shape, map.Data) is { } selection) selections[move] = selection;
        }
        return selections;
    }

    /// <summary>Gas of all operations behind the root, those of <paramref name="selections"/> made out of the root itself.</summary>
    private long Gas(Dictionary<Operation, ChannelSelection> selections)
    {
        var (alive, gas) = (new HashSet<Operation>(), 0L);
        foreach (var move in Enumerable.Reverse(_moves))
        {
            if (!move.Result.Uses.Any(NeedsIt)) continue;
            alive.Add(move);
            gas += selections.TryGetValue(move, out var selection) ? selection.Gas : MoveGas.Of(move);
        }
        return gas;

        bool NeedsIt(Use use) =>
            use.User is not { } user || !_members.Contains(user) || (alive.Contains(user) && !selections.ContainsKey(user));
    }
}
