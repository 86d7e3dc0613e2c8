namespace CortexMl.Frontends;

/// <summary>A node cannot be imported; the importer adds which one and where, and goes on with the others.</summary>
internal sealed class NodeException(string code, string message, string? hint = null) : Exception(message)
{
    public string Code { get; } = code;

    public string? Hint { get; } = hint;
}
