using System.Globalization;
using CortexMl.Cvm;
using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Packaging;

/// <summary>What the chain refuses, said before anyone pays for an upload.</summary>
internal static class Limits
{
    public static void Check(long rawSize, ulong authorGas, DiagnosticBag warnings)
    {
        if (rawSize > ChainRules.MaxRawSize)
            warnings.Warning(ChainCodes.RawSize,
                Text($"symbol and params have {Counted.Of(rawSize, "byte")}; the chain stores at most {ChainRules.MaxRawSize}"),
                hint: "the upload would be refused");
        if (authorGas > ChainRules.MaxAuthorGas)
            warnings.Warning(ChainCodes.AuthorGas, Text($"an author's gas of {authorGas}; at most {ChainRules.MaxAuthorGas} is allowed"),
                hint: "the account would be refused");
    }

    /// <summary>Null where the model exceeds what the runtime counts: then every call fails.</summary>
    public static long? Gas(CvmModel model, DiagnosticBag warnings)
    {
        try
        {
            return model.Gas();
        }
        catch (DiagnosticException error)
        {
            warnings.Warning(ChainCodes.Unpriced, error.Diagnostics[0].Message, error.Diagnostics[0].Location,
                "the chain cannot price the model: every call fails");
            return null;
        }
    }

    /// <summary>What makes every call fail, whatever the input.</summary>
    public static void CheckCalls(CvmModel model, DiagnosticBag warnings)
    {
        foreach (var problem in new[] { InputConversion.Problem(model), OutputConversion.Problem(model) }.OfType<Diagnostic>())
            warnings.Warning(problem.Code, problem.Message, problem.Location, problem.Hint);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
