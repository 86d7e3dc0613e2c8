using CortexMl.Diagnostics;

namespace CortexMl.Passes;

/// <summary>A pass broke the graph or threw what is no diagnostic: our bug or a plugin's, not the user's.</summary>
public sealed class PassFailedException(string pass, string reason, Exception? inner = null)
    : Exception($"pass '{pass}' failed: {reason}", inner)
{
    /// <summary>Name of the pass.</summary>
    public string Pass { get; } = pass;

    /// <summary>CML0905 with the reason: the broken rule of the verifier, or the exception's own words.</summary>
    public Diagnostic Diagnostic =>
        new(DiagnosticCodes.PassFailed, Severity.Error, Message.Split('\n')[0], Hint: "this is a bug in the pass, not in your model")
        {
            Details = Message.Split('\n')[1..],
        };
}
