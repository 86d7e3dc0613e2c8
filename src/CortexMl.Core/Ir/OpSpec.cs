using CortexMl.Ir.Ranges;
using CortexMl.Tensors;

namespace CortexMl.Ir;

/// <summary>Result shapes from operand types and attributes.</summary>
public delegate IReadOnlyList<Shape> ShapeRule(IOperation op);

/// <summary>Result elements (precisions), once the result shapes are known.</summary>
public delegate IReadOnlyList<ElementType> ElementRule(IOperation op, IReadOnlyList<Shape> results);

/// <summary>Gas weight per element of the first result (CortexMl.Cvm/SPECIFICATION.md §10).</summary>
public delegate long CostRule(IOperation op, IReadOnlyList<TensorType> results);

/// <summary>
/// One float operator in double, naive and in a fixed order: the numbers of a folded constant must not depend on a library.
/// </summary>
/// <param name="op">Operand types and attributes, already checked by the row.</param>
/// <param name="operands">Row-major elements of each operand.</param>
/// <param name="result">Shape that the row inferred.</param>
/// <returns>Row-major elements of the result.</returns>
public delegate double[] FloatKernel(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result);

/// <summary>Facts about an operator that several projects need.</summary>
[Flags]
public enum OpTraits
{
    None = 0,

    /// <summary>
    /// Works element by element in place: its result may share the storage of an input (CortexMl.Cvm/SPECIFICATION.md §7).
    /// </summary>
    InPlace = 1,

    /// <summary>The operands may be exchanged.</summary>
    Commutative = 2,

    /// <summary>
    /// Each element of the result is a function of the elements at its place (of broadcast operands: of the ones that stand there).
    /// </summary>
    Elementwise = 4,

    /// <summary>
    /// Only moves elements of its data, the first operand or all of a variadic row: no new numbers, and which element goes where does not
    /// depend on them. So scale, precision and range pass through.
    /// </summary>
    Moves = 8,

    /// <summary>The elements of its only operand in their row-major order: nothing but the shape is another.</summary>
    Reshapes = 16,

    /// <summary>No element of the result is below zero, whatever the operands are.</summary>
    NeverNegative = 32,

    /// <summary>
    /// Several operands may hold samples along their first dimension: sample k of the result depends on sample k of each of them. Of rows
    /// without it only the first operand may.
    /// </summary>
    SampleWise = 64,

    /// <summary>Sums of products of <c>data</c> with <c>weight</c>, plus an optional <c>bias</c>: convolution and dense layer.</summary>
    Product = 128,

    /// <summary>
    /// Never decreases: operands none of whose elements is smaller give a result none of whose elements is, as long as nothing wraps.
    /// </summary>
    Monotone = 256,

    /// <summary>
    /// Positively homogeneous: operands that are all multiplied by a number above 0 give the result multiplied by it, as long as nothing
    /// wraps. So it works on integers of any scale.
    /// </summary>
    Homogeneous = 512,
}

/// <summary>One row of the operator table: everything about an operator, said once.</summary>
public sealed class OpSpec(string name)
{
    /// <summary>A tensor that is part of the graph; printed as <c>@name: type = data</c>.</summary>
    public static readonly OpSpec Constant = new("constant")
    {
        Doc = "A tensor that is part of the network",
        Shapes = _ => throw new InvalidOperationException("a constant's type is its payload's"),
        Levels = Level.Any,
    };

    /// <summary>Name of the text form with its family: <c>nn.conv2d</c>, <c>quant.requantize</c>, <c>cvm.conv2d</c>.</summary>
    public string Name { get; } = name;

    /// <summary>One line for <c>cortexml ops</c>.</summary>
    public required string Doc { get; init; }

    public IReadOnlyList<OperandSpec> Operands { get; init; } = [];

    public IReadOnlyList<AttributeSpec> Attributes { get; init; } = [];

    public required ShapeRule Shapes { get; init; }

    /// <summary>Null for float rows, whose every result is f32.</summary>
    public ElementRule? Elements { get; init; }

    public required Level Levels { get; init; }

    public OpTraits Traits { get; init; }

    /// <summary>Number of results; the same for all operands and attributes.</summary>
    public int Results { get; init; } = 1;

    /// <summary>The operator's name in a CVM <c>func_name</c>; null for rows that the CVM lacks.</summary>
    public string? CvmName { get; init; }

    /// <summary>Null means a weight of 1.</summary>
    public CostRule? Cost { get; init; }

    /// <summary>
    /// The range of each result of an integer row. Without, a row that <see cref="OpTraits.Reshapes"/> or <see cref="OpTraits.Moves"/> has
    /// the range of its data, every other one all of int32.
    /// </summary>
    public IReadOnlyList<RangeRule> Ranges { get; init; } = [];

    /// <summary>Null for rows on which the reference's devices agree whatever the operands are.</summary>
    public DivergenceRule? Divergence { get; init; }

    /// <summary>What a float row of a plugin computes; our own rows have their kernels with the passes.</summary>
    public FloatKernel? Kernel { get; init; }

    /// <summary>Whether the row has this trait; of several, all of them.</summary>
    public bool Is(OpTraits traits) => Traits.HasFlag(traits);

    public int MinOperands => Operands.Count(o => o.Arity != Arity.Optional);

    /// <summary>Largest operand count; <see cref="int.MaxValue"/> with a variadic operand.</summary>
    public int MaxOperands => Operands.Any(o => o.Arity == Arity.Variadic) ? int.MaxValue : Operands.Count;

    public AttributeSpec? Attribute(string name) => Attributes.FirstOrDefault(a => a.Name == name);

    /// <exception cref="ArgumentException">The row has no operand of that name.</exception>
    public int OperandIndex(string name)
    {
        for (int i = 0; i < Operands.Count; i++)
            if (Operands[i].Name == name) return i;
        throw new ArgumentException($"{Name} has no operand '{name}'");
    }

    /// <summary>Types of the results.</summary>
    /// <exception cref="RuleException">Operands or attributes do not fit: the first thing found.</exception>
    public IReadOnlyList<TensorType> Infer(IOperation op)
    {
        RowCheck.Check(op);
        var shapes = Shapes(op);
        if (Elements is null) return [.. shapes.Select(TensorType.Float)];
        var elements = Elements(op, shapes);
        return [.. shapes.Zip(elements, (shape, element) => new TensorType(element, shape))];
    }

    public override string ToString() => Name;
}

public enum Arity
{
    One,

    /// <summary>May be left out; stands behind all required operands.</summary>
    Optional,

    /// <summary>One or more; the last operand.</summary>
    Variadic,
}

/// <param name="Doc">Meaning and shape, for <c>cortexml ops</c>.</param>
public sealed record OperandSpec(string Name, string Doc, Arity Arity = Arity.One);

/// <summary>One attribute of a row.</summary>
/// <param name="Default">Value when left out; null with <see cref="Required"/> or for one that may be absent altogether.</param>
/// <param name="Doc">Meaning and unit.</param>
public sealed record AttributeSpec(string Name, AttributeKind Kind, AttributeValue? Default = null, string Doc = "")
{
    public bool Required { get; init; }

    /// <summary>Smallest value of an Int, or of each element of Ints.</summary>
    public long? Min { get; init; }

    public long? Max { get; init; }

    /// <summary>Allowed values of a Text.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Exact number of elements of Ints.</summary>
    public int? Count { get; init; }
}
