using System.Text.RegularExpressions;
using CortexMl.Ir;
using CortexMl.Numerics;

namespace CortexMl.Passes;

/// <summary>One rewrite, as it is told: <c>12 fuse-batch-norm (nn.batch_norm: IntoConvolution) nn.batch_norm 'bn0'</c>.</summary>
/// <param name="Number">From 1, through the whole pipeline: what a rewrite limit counts.</param>
/// <param name="Step">Place of the pass in the pipeline, from 0.</param>
/// <param name="Rule">The rule that fired; null in passes that are no list of rules.</param>
/// <param name="Operation">What was replaced: its row, and the name of its result where it has one.</param>
public sealed partial record RewriteNote(long Number, int Step, string Pass, string? Rule, string Operation)
{
    private const int MostCharacters = 80;

    public override string ToString() => $"{Numbers.Format(Number)} {Pass}{(Rule is null ? "" : $" ({Rule})")} {Operation}";

    /// <summary>The row that makes a value, and what the value is called: in the graph, in the loaded network, or in its file.</summary>
    public static string Describe(Value value)
    {
        string row = value.Producer?.Spec.Name ?? "input";
        string? name = value.Name ?? value.Provenance?.Real.Name ?? value.Producer?.Location.Nodes.FirstOrDefault();
        return name is null ? row : $"{row} '{name}'";
    }

    /// <summary>Source text in one line, without the parameters of a lambda, cut where it is long.</summary>
    internal static string Short(string source)
    {
        int arrow = source.IndexOf("=>", StringComparison.Ordinal);
        string text = Spaces().Replace(arrow < 0 ? source : source[(arrow + 2)..], " ").Trim();
        return text.Length <= MostCharacters ? text : text[..(MostCharacters - 1)] + "…";
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Spaces();
}
