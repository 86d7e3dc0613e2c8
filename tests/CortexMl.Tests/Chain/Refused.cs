using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Chain;

/// <summary>Expects a coded refusal.</summary>
internal static class Refused
{
    public static IReadOnlyList<Diagnostic> With(string code, Func<object?> action)
    {
        var diagnostics = Assert.Throws<DiagnosticException>(action).Diagnostics;
        Assert.All(diagnostics, d => Assert.Equal(code, d.Code));
        return diagnostics;
    }

    /// <summary>Runs what may refuse its input, but only with codes of the chain side.</summary>
    public static T? OrResult<T>(Func<T> action) where T : class
    {
        try
        {
            return action();
        }
        catch (DiagnosticException error)
        {
            Assert.All(error.Diagnostics, d => Assert.StartsWith("CML10", d.Code, StringComparison.Ordinal));
            return null;
        }
    }
}
