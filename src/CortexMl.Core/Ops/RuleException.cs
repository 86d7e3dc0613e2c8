using CortexMl.Diagnostics;

namespace CortexMl.Ops;

/// <summary>Operands or attributes do not fit a row. Whoever applies the row turns it into a diagnostic with a location.</summary>
public sealed class RuleException(FailureClass failure, string message, string? hint = null) : Exception(message)
{
    /// <summary>The class in which the CVM runtime reports it.</summary>
    public FailureClass Class { get; } = failure;

    public string? Hint { get; } = hint;
}
