namespace CortexMl.Ops;

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
