namespace CortexMl.Survey.Onnx;

public enum Outcome
{
    /// <summary>Imported, exported and run: the expected numbers came out.</summary>
    Agrees,

    /// <summary>The same, but all inputs were fixed: it was computed at import.</summary>
    AgreesOnConstants,

    /// <summary>The importer refused it with a diagnostic.</summary>
    Refused,

    /// <summary>Other numbers, or an exception that is no diagnostic.</summary>
    Failed,
}

/// <param name="Operator">The case's operators; several are joined with +.</param>
/// <param name="Reason">Why it was refused or failed; empty otherwise.</param>
public sealed record CaseResult(string Name, string Operator, Outcome Outcome, string Reason);
