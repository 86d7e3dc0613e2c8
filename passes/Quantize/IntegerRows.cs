using System.Collections.Concurrent;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Passes.Quantize.Tables;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

//  %1 = my.cube(%0)   ⇒   what the plugin emits for it
//
/// <summary>
/// Integer forms for float rows that quantize has none for: a plugin's own rows (<see cref="Ops.OpTable.Add"/>) and ours that are refused.
/// They hold for the whole process; a plugin gives them in <see cref="IPlugin.Register"/>.
/// </summary>
public static class IntegerRows
{
    private static readonly ConcurrentDictionary<OpSpec, LoweringRule> s_rules = new();

    /// <summary>A row that is a function of one number: a table of integers, as ours are.</summary>
    /// <param name="function">The function, from the operation's attributes.</param>
    /// <exception cref="ArgumentException">quantize has a form of the row, or it has not one operand.</exception>
    public static void AddTable(OpSpec row, Func<IOperation, Func<double, double>> function)
    {
        if (row is not { MinOperands: 1, MaxOperands: 1 }) throw new ArgumentException($"{row.Name} is no function of one number");
        Add(row, TableLowering.Of(function));
    }

    /// <summary>A row of which a plugin emits the integers.</summary>
    /// <param name="precision">In which its operands are wanted, 2 to 16, each at one scale that covers its threshold.</param>
    /// <param name="lower">Emits operations of the cvm rows and returns the result, in whatever precision and scale it comes out.</param>
    /// <exception cref="ArgumentException">quantize has a form of the row.</exception>
    public static void Add(OpSpec row, int precision, Func<IntegerEmitter, Value> lower)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, DemandPrecision.Wide);
        Add(row, new LoweringRule(
            (op, index, _) => Demands.Covering(precision, op.Operands[index]),
            (op, quantizer) => lower(new IntegerEmitter(op, precision, quantizer))));
    }

    internal static LoweringRule? Find(OpSpec row) => s_rules.GetValueOrDefault(row);

    private static void Add(OpSpec row, LoweringRule rule)
    {
        if (LoweringTable.Knows(row)) throw new ArgumentException($"quantize has an integer form of {row.Name}");
        s_rules[row] = rule;
    }
}

/// <summary>What a plugin's integer form of one operation is made with.</summary>
public sealed class IntegerEmitter
{
    private readonly int _precision;
    private readonly Quantizer _quantizer;

    internal IntegerEmitter(Operation operation, int precision, Quantizer quantizer) =>
        (Operation, _precision, _quantizer) = (operation, precision, quantizer);

    /// <summary>The float operation.</summary>
    public Operation Operation { get; }

    /// <summary>The largest magnitude that calibration found for the result; 0 where there is none.</summary>
    public double Threshold => Demands.Threshold(Operation.Result);

    /// <summary>An operand as integers at one scale, which covers its threshold at the precision of the form.</summary>
    public Value Operand(int index) =>
        _quantizer.At(Operation.Operands[index], Demands.Covering(_precision, Operation.Operands[index]));

    /// <summary>The scale of integers: real · scale.</summary>
    public static double Scale(Value integers) => integers.Type.Scale!.Value;

    /// <summary>The integers that a value can hold: sums must stay within 32 bits.</summary>
    public Interval Range(Value integers) => _quantizer.Ranges[integers].All;

    /// <summary>An operation of a cvm row; its result.</summary>
    /// <param name="scale">What the result's integers mean: real · scale.</param>
    public Value Emit(OpSpec row, IReadOnlyList<Value> operands, double scale, Attributes? attributes = null) =>
        _quantizer.Emit(row, operands, attributes, Ir.Scale.PerTensor(scale));

    /// <summary>An integer constant of the smallest precision that holds it, named after the result.</summary>
    public Value Constant(string suffix, Tensor<int> elements, double scale = 1) =>
        _quantizer.Constant($"{_quantizer.Name(Operation.Result)}.{suffix}", elements, Ir.Scale.PerTensor(scale));
}
