using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace CortexMl.Diagnostics;

/// <summary>Where something came from: a file position, a byte offset, and the names of the original nodes it stands for.</summary>
/// <param name="File">File name as the user gave it, without folders of this machine; null when unknown.</param>
/// <param name="Line">1-based, 0 when unknown.</param>
/// <param name="Column">1-based, 0 when unknown.</param>
/// <param name="Offset">Byte offset in a binary file, null when not applicable.</param>
public sealed record SourceLocation(string? File = null, int Line = 0, int Column = 0, long? Offset = null)
{
    public static SourceLocation Unknown { get; } = new();

    /// <summary>Names of the nodes of the source model, oldest first; a replacement inherits those of what it replaced.</summary>
    public ImmutableArray<string> Nodes { get; init; } = [];

    public bool IsUnknown => File is null && Line == 0 && Offset is null && Nodes.IsEmpty;

    public static SourceLocation OfNode(string name, string? file = null) => new(file) { Nodes = [name] };

    public static SourceLocation At(string? file, long offset) => new(file, Offset: offset);

    /// <summary>
    /// More names help nobody to find a place; a chain of thousands that becomes one operation would be thousands of longer and longer
    /// lists.
    /// </summary>
    private const int MostNodes = 64;

    /// <summary>This location, standing for the other's nodes too, up to <see cref="MostNodes"/>.</summary>
    public SourceLocation Merge(SourceLocation other)
    {
        if (Nodes.Length >= MostNodes) return this;
        var added = other.Nodes.Where(n => !Nodes.Contains(n)).Take(MostNodes - Nodes.Length).ToImmutableArray();
        return added.IsEmpty ? this : this with { Nodes = Nodes.AddRange(added) };
    }

    public bool Equals(SourceLocation? other) =>
        other is not null && File == other.File && Line == other.Line && Column == other.Column && Offset == other.Offset
        && Nodes.SequenceEqual(other.Nodes);

    public override int GetHashCode() => HashCode.Combine(File, Line, Column, Offset, Nodes.Length);

    public override string ToString()
    {
        var text = new StringBuilder(File is null ? null : Printable.Name(File));
        if (Line > 0) text.Append(CultureInfo.InvariantCulture, $":{Line}:{Column}");
        if (Offset is { } offset) text.Append(text.Length > 0 ? ", " : "").Append(CultureInfo.InvariantCulture, $"byte {offset}");
        if (!Nodes.IsEmpty)
            text.Append(text.Length > 0 ? ", " : "").Append("node '").AppendJoin("', '", Nodes.Select(Printable.Name)).Append('\'');
        return text.ToString();
    }
}
