namespace CortexMl.Passes.Target;

/// <summary>Codes of bound-check; see <see cref="Diagnostics.DiagnosticCodes"/> for the ranges.</summary>
internal static class BoundCodes
{
    public const string Overflow = "CML0601";
    public const string Precision = "CML0602";
    public const string TableIndex = "CML0603";
    public const string NotPortable = "CML0604";
    public const string PackedTooLarge = "CML0605";
}
