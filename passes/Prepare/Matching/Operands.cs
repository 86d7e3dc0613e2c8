using CortexMl.Ir;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>
/// Patterns for the operands of a rule, to be used with <c>using static</c>: <c>Rule.On(NnBinary.Mul, Any("x"), Scalar("c"))</c>. A name
/// that stands twice is one and the same value.
/// </summary>
public static class Operands
{
    /// <summary>Any value.</summary>
    public static OperandPattern Any(string name) => new Test((_, _) => true).As(name);

    /// <summary>A value that no constant is.</summary>
    public static OperandPattern Computed(string name) => new Test((value, _) => !value.IsConstant).As(name);

    /// <summary>A constant of any shape.</summary>
    public static OperandPattern Constant(string name) => new Test((value, _) => value.IsConstant).As(name);

    /// <summary>A float constant whose elements are all one number, that of <see cref="ConstantMatch.Splat"/>.</summary>
    public static OperandPattern Scalar(string name) => new Test((value, _) => value.Splat() is not null).As(name);

    /// <summary>A float constant whose elements are all this number.</summary>
    public static OperandPattern Number(float number) => new Test((value, _) => value.Splat() == number);

    /// <summary>
    /// A float constant with one number for each index of an axis of the result, those of <see cref="ConstantMatch.AlongAxis"/>.
    /// </summary>
    public static OperandPattern PerChannel(string name, int axis = 1) => new Test((value, found) =>
        found.Operation.Result.Type.Shape is var shape && axis < shape.Rank && value.AlongAxis(shape, axis) is not null).As(name);

    /// <summary>What an operation of the row makes, whoever else sees it.</summary>
    public static OperandPattern MadeBy(OpSpec spec, params OperandPattern[] operands) => new Made(spec, isPrivate: false, operands);

    /// <summary>What an operation of the row makes, where nobody else sees it: it may change.</summary>
    public static OperandPattern OnlyMadeBy(OpSpec spec, params OperandPattern[] operands) => new Made(spec, isPrivate: true, operands);

    private sealed class Test(Func<Value, RuleMatch, bool> fits) : OperandPattern
    {
        public override IEnumerable<RuleMatch> Matches(Value value, RuleMatch found) => fits(value, found) ? [found] : [];
    }

    private sealed class Made(OpSpec spec, bool isPrivate, IReadOnlyList<OperandPattern> operands) : OperandPattern
    {
        public override IEnumerable<RuleMatch> Matches(Value value, RuleMatch found) =>
            value.MadeBy(spec) is { } made && (value.HasOneUse || !isPrivate) ? MatchAll(made, operands, found) : [];
    }
}
