namespace CortexMl.Golden;

/// <summary>One case of a golden file: what to run, what to feed it, and exactly what must come out.</summary>
/// <param name="Title">What stands behind <c>//-</c>; empty for the first case.</param>
/// <param name="Line">1-based line of the file at which the case starts.</param>
/// <param name="Command">The words of the <c>//!</c> line that holds for this case.</param>
/// <param name="Head">
/// The lines of the case before its separator as they stand in the file, <c>//-</c> and <c>//!</c> lines included.
/// </param>
/// <param name="Input">The lines between the head's directives and the separator <c>//=</c>.</param>
/// <param name="Expected">What must come out, without line breaks at the end; null where the file has no separator yet.</param>
public sealed record GoldenCase(
    string Title, int Line, IReadOnlyList<string> Command, IReadOnlyList<string> Head, string Input, string? Expected);
