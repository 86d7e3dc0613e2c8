using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>
/// Element-wise operations that wait for others to run with: a group runs as late as possible, when something else wants one of its
/// results. Groups that wait do not read each other.
/// </summary>
/// <param name="run">Called with groups whose operands have all been computed.</param>
internal sealed class StripQueue(Action<StripGroup> run)
{
    /// <summary>Operations of a group, whose strips have to stay in the cache together.</summary>
    private const int Most = 32;

    private readonly List<StripGroup> _waiting = [];
    private readonly Dictionary<Value, StripGroup> _groupOf = [];

    /// <summary>Whether the operation runs in a group: an element-wise one, or one that renames the axes of what waits.</summary>
    public bool Takes(Operation operation) =>
        operation.Spec.Is(OpTraits.Reshapes) ? _groupOf.ContainsKey(operation.Operands[0]) : StripTable.Takes(operation);

    public void Add(Operation operation)
    {
        long count = operation.Result.Type.Shape.Count;
        foreach (var operand in operation.Operands)
            if (_groupOf.TryGetValue(operand, out var read) && read.Count != count) Run(read);
        var group = _waiting.Find(group => group.Count == count);
        if (group is null || (group.Operations.Count == Most && !operation.Spec.Is(OpTraits.Reshapes)))
        {
            if (group is not null) Run(group);
            _waiting.Add(group = new StripGroup(count));
        }
        group.Add(operation);
        _groupOf[operation.Result] = group;
    }

    /// <summary>Says that something outside is about to read the value.</summary>
    public void Want(Value value)
    {
        if (_groupOf.TryGetValue(value, out var group)) Run(group);
    }

    /// <summary>Runs all that waits still.</summary>
    public void Finish()
    {
        foreach (var group in _waiting.ToArray()) Run(group);
    }

    private void Run(StripGroup group)
    {
        _waiting.Remove(group);
        foreach (var value in group.Roots.Keys) _groupOf.Remove(value);
        run(group);
    }
}
