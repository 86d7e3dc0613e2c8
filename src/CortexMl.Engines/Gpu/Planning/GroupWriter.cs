using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>Writes the kernel of one group: binds values to parameters, and puts the followers behind the head's elements.</summary>
internal sealed class GroupWriter(KernelGroup group, IReadOnlyDictionary<Value, ValueLayout> layouts)
{
    private readonly List<Argument> _arguments = [];
    private readonly Dictionary<Value, OperandAccess> _operands = [];
    private readonly Dictionary<Value, KernelBuffer> _results = [];

    public KernelGroup Group { get; } = group;

    public KernelBuilder Kernel { get; } = new(NameOf(group));

    public ValueLayout ResultLayout => layouts[Group.Last.Results[0]];

    public ValueLayout Layout(Value value) => layouts[value];

    /// <summary>An operand of the group from memory, or a constant number.</summary>
    public OperandAccess Operand(Value value)
    {
        if (_operands.TryGetValue(value, out var known)) return known;
        return _operands[value] = value.Constant is { } constant
            ? Constant(value.Type.Shape, constant)
            : new BufferOperand(Kernel, Bind(value, layouts[value]), layouts[value]);
    }

    /// <summary>An interleaved operand as words of four channels.</summary>
    public KernelBuffer Words(Value value)
    {
        var buffer = Kernel.Read("x", KernelElement.I32, (int)(layouts[value].Length / ValueLayout.Lanes));
        _arguments.Add(new Argument(buffer, value, null));
        return buffer;
    }

    /// <summary>Numbers that the generator prepared.</summary>
    public KernelBuffer Prepared(string name, ConstantArray constant)
    {
        var buffer = Kernel.Read(name, constant.Element, constant.Elements.Length);
        _arguments.Add(new Argument(buffer, null, constant));
        return buffer;
    }

    /// <summary>The head's element by its own generator.</summary>
    public Expr HeadElement(ElementIndex index) => Group.Generator!.ElementAt!(Scope(Group.Head, Operand, null), index);

    /// <summary>What the followers make of an element of the head's result.</summary>
    /// <param name="index">Into the head's result.</param>
    public Expr Follow(ElementIndex index, Expr element)
    {
        foreach (var (before, operation) in Group.Operations.Zip(Group.Followers))
        {
            var fused = new FusedOperand(Kernel, before.Result.Type.Shape, Kernel.Once("v", element));
            element = OperatorGenerators.Find(operation.Spec)!.ElementAt!(
                Scope(operation, value => value == before.Result ? fused : Operand(value), null),
                index.Reshaped(operation.Result.Type.Shape));
        }
        return element;
    }

    /// <summary>The parameter that the group's result, by number, is written to.</summary>
    public KernelBuffer Result(int number = 0)
    {
        var value = Group.Last.Results[number];
        if (_results.TryGetValue(value, out var known)) return known;
        var buffer = Kernel.Write("y", layouts[value].Element, (int)layouts[value].Length);
        _arguments.Add(new Argument(buffer, value, null));
        return _results[value] = buffer;
    }

    /// <summary>An interleaved result as words of four channels.</summary>
    public KernelBuffer ResultWords()
    {
        var buffer = Kernel.Write("y", KernelElement.I32, (int)(ResultLayout.Length / ValueLayout.Lanes));
        _arguments.Add(new Argument(buffer, Group.Last.Result, null));
        return buffer;
    }

    /// <param name="index">Into the head's result.</param>
    public void Store(ElementIndex index, Expr element) =>
        Kernel.Store(Result(), ResultLayout.Offset(index.Reshaped(ResultLayout.Shape)), element);

    /// <summary>The scope of the head for a generator of a whole kernel.</summary>
    public OperationScope WholeScope() =>
        Scope(Group.Head, Operand, i => new ResultAccess(Kernel, Result(i), layouts[Group.Head.Results[i]]));

    public LaunchStep Build(LaunchShape launch) => new(Kernel.Build(launch), _arguments, Group);

    private OperationScope Scope(Operation operation, Func<Value, OperandAccess> operands, Func<int, ResultAccess>? results) =>
        new(operation, Kernel, i => operands(operation.Operands[i]), results);

    private OperandAccess Constant(Shape shape, ConstantData constant)
    {
        var numbers = constant.Integers;
        if (numbers.Length > 0 && numbers.IndexOfAnyExcept(numbers[0]) < 0) return new NumberOperand(Kernel, shape, numbers[0]);
        var array = ConstantArray.Of(numbers);
        return new BufferOperand(Kernel, Prepared("c", array), new ValueLayout(shape, array.Element, false));
    }

    private KernelBuffer Bind(Value value, ValueLayout layout)
    {
        var buffer = Kernel.Read("x", layout.Element, (int)layout.Length);
        _arguments.Add(new Argument(buffer, value, null));
        return buffer;
    }

    private static string NameOf(KernelGroup group) =>
        string.Join("_then_", group.Operations.Select(o => o.Spec.Name[(o.Spec.Name.IndexOf('.') + 1)..]).Take(3));
}
