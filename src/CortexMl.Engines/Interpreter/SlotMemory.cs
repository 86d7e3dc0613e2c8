using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Engines.Interpreter;

/// <summary>
/// Which values share memory: the pool slot of every value, and the elements of each slot (CortexMl.Cvm/SPECIFICATION.md §7). A value
/// lies at the start of its slot. Slots keep their content between operations and between runs, so that sharing is observable.
/// </summary>
/// <param name="Slots">A slot for every graph input, constant and result.</param>
/// <param name="Sizes">Elements of each slot; those without values may be 0.</param>
public sealed record StoragePlan(IReadOnlyDictionary<Value, int> Slots, IReadOnlyList<long> Sizes);

/// <summary>The storage of all values of one executable.</summary>
internal sealed class SlotMemory
{
    private readonly Dictionary<Value, Block> _blocks = [];

    public Block this[Value value] => _blocks[value];

    /// <summary>
    /// Every value by itself. Constants lie where the graph has them, unless the profile's non_max_suppression may write into them.
    /// </summary>
    public static SlotMemory OfOwnSlots(Graph graph, InterpreterOptions options)
    {
        bool copies = options.Profile == InterpreterProfile.ReferenceCpu
            && graph.Operations.Any(o => o.Spec == CvmDetection.NonMaxSuppression);
        var values = Values(graph).ToList();
        CheckTotal(values.Where(v => copies || !v.IsConstant).Sum(v => v.Type.Shape.Count), options);
        var memory = new SlotMemory();
        foreach (var value in values)
        {
            int[] data = Elements(value) is not { } constant ? new int[value.Type.Shape.Count] : copies ? [.. constant] : constant;
            memory._blocks[value] = new Block(data, value.Type.Shape);
        }
        return memory;
    }

    /// <summary>
    /// Values in the slots of a plan. Constants are written now, in the graph's order: where two share a slot, the later one stays.
    /// </summary>
    public static SlotMemory OfPlan(Graph graph, StoragePlan plan, InterpreterOptions options)
    {
        Check(graph, plan);
        CheckTotal(plan.Sizes.Sum(), options);
        int[][] slots = [.. plan.Sizes.Select(size => new int[size])];
        var memory = new SlotMemory();
        foreach (var value in Values(graph))
        {
            var block = new Block(slots[plan.Slots[value]], value.Type.Shape);
            if (Elements(value) is { } constant) constant.CopyTo(block.Span);
            memory._blocks[value] = block;
        }
        return memory;
    }

    private static void Check(Graph graph, StoragePlan plan)
    {
        var found = new DiagnosticBag();
        foreach (var value in Values(graph))
        {
            if (!plan.Slots.TryGetValue(value, out int slot) || slot < 0 || slot >= plan.Sizes.Count)
                found.Error(
                    EngineCodes.StoragePlan, $"{value} has no slot among the {plan.Sizes.Count} of the plan", value.Producer?.Location);
            else if (plan.Sizes[slot] < value.Type.Shape.Count)
                found.Error(EngineCodes.StoragePlan, $"{value} does not fit slot {slot} of {Counted.Of(plan.Sizes[slot], "element")}",
                    value.Producer?.Location);
        }
        found.ThrowIfErrors();
    }

    private static void CheckTotal(long elements, InterpreterOptions options)
    {
        if (elements > options.MaxBytes / sizeof(int))
        {
            string message = $"the graph's values need {Counted.Of(elements, "element")} of 4 bytes, "
                + $"more than the {Counted.Of(options.MaxBytes, "byte")} allowed";
            throw new DiagnosticException(EngineCodes.TooMuchMemory, message);
        }
    }

    private static IEnumerable<Value> Values(Graph graph) => graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results));

    private static int[]? Elements(Value value) => (value.Constant?.Tensor as Tensors.Tensor<int>)?.Data;
}

/// <summary>A tensor in a piece of storage that may be longer: row-major from the start of <paramref name="Data"/>.</summary>
public readonly record struct Block(int[] Data, Shape Shape)
{
    public int Length => (int)Shape.Count;

    public Span<int> Span => Data.AsSpan(0, Length);
}
