using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>An operation of a group with its places; what it has not reads its first operand again.</summary>
internal sealed record StripLine(StripKernel Kernel, StripPlace First, StripPlace Second, StripPlace Third, StripPlace Result);

/// <summary>An operand that broadcasts, laid out in scratch memory before the lines run.</summary>
/// <param name="Whole">All elements of the operand, from 0 on.</param>
internal sealed record StripFilling(StripSpread Spread, StripPlace Whole, int Count, StripPlace.OfScratch To)
{
    /// <summary>Whether every strip meets the same elements.</summary>
    public bool IsSame => StripPlace.Length % Spread.Period == 0;

    public void Fill(Span<int> scratch, int start, int count) =>
        Spread.Fill(Whole.Elements(scratch, 0, Count), start, To.Elements(scratch, 0, count));
}

/// <summary>A group as lines over strips. Strips are used again when nothing reads them any more.</summary>
internal sealed class StripProgram
{
    private readonly StripGroup _group;
    private readonly Func<Value, PlainBuffer> _plain;
    private readonly Dictionary<Value, StripPlace> _places = [];
    private readonly Dictionary<Value, int> _lastLines = [];
    private readonly List<StripLine> _lines = [];
    private readonly List<StripFilling> _fillings = [];
    private readonly Stack<StripPlace.OfScratch> _free = [];

    /// <param name="stored">The group's results that are kept, and where.</param>
    /// <param name="plain">Where the values lie that the group reads.</param>
    public StripProgram(StripGroup group, IReadOnlyDictionary<Value, PlainBuffer> stored, Func<Value, PlainBuffer> plain)
    {
        (_group, _plain) = (group, plain);
        for (int line = 0; line < group.Operations.Count; line++)
            foreach (var operand in StripTable.Operands(group.Operations[line]))
                if (group.Roots.TryGetValue(operand, out var root)) _lastLines[root] = line;
        foreach (var operation in group.Operations) Add(operation, stored.GetValueOrDefault(operation.Result));
    }

    public IReadOnlyList<StripLine> Lines => _lines;

    public IReadOnlyList<StripFilling> Fillings => _fillings;

    /// <summary>Strips of scratch memory.</summary>
    public int Slots { get; private set; }

    private void Add(Operation operation, PlainBuffer? stored)
    {
        List<StripPlace> operands = [.. StripTable.Operands(operation).Select(operand => Place(operation, operand))];
        // What is read for the last time can be written in place.
        var inside = StripTable.Operands(operation).Select(o => _group.Roots.GetValueOrDefault(o)).OfType<Value>().Distinct();
        foreach (var root in inside)
            if (_lastLines[root] == _lines.Count && _places[root] is StripPlace.OfScratch free) _free.Push(free);
        var result = _places[operation.Result] = stored is null ? Take() : new StripPlace.OfValue(stored);
        _lines.Add(new(StripTable.Kernel(operation), operands[0], operands.ElementAtOrDefault(1) ?? operands[0],
            operands.ElementAtOrDefault(2) ?? operands[0], result));
    }

    private StripPlace Place(Operation operation, Value operand)
    {
        if (_group.Roots.TryGetValue(operand, out var root)) return _places[root];
        StripPlace whole = operand.Constant is { } constant
            ? new StripPlace.OfConstant(((Tensor<int>)constant.Tensor).Data)
            : new StripPlace.OfValue(_plain(operand));
        var (own, result) = (operand.Type.Shape, operation.Result.Type.Shape);
        if (own.Count == result.Count) return whole;
        var spread = operation.Spec == CvmLookup.Where
            ? StripSpread.OfParts((int)own.Count, (int)(result.Count / own.Count))
            : StripSpread.Of(own, result);
        var filling = new StripFilling(spread, whole, (int)own.Count, new StripPlace.OfScratch(Slots++));
        _fillings.Add(filling);
        return filling.To;
    }

    private StripPlace.OfScratch Take() => _free.TryPop(out var free) ? free : new StripPlace.OfScratch(Slots++);
}
