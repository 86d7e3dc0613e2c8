using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Quantize.Schemes;

namespace CortexMl.Passes.Quantize.Restoring;

/// <summary>Operations by the words with which a person names them.</summary>
internal sealed class RestoreNames(Graph graph, IReadOnlyList<Operation> operations, Names names)
{
    /// <summary>In front of the name of a row: all operations of it.</summary>
    private const string OfRow = "op:";

    private const string Sources = "names are those that calibrate sees, behind the passes that fuse operations: model.scheme.json has a"
        + " line for each, and cortexml opt FILE --print demand shows them with what reads them";

    /// <summary>The operations that a word means.</summary>
    /// <param name="file">The scheme whose line it is, which names one value; null for a word that may be a pattern.</param>
    /// <param name="problems">Gets CML0573 where there is none.</param>
    public IReadOnlyList<Operation> Of(string word, string? file, DiagnosticBag problems)
    {
        var found = file is null && word.StartsWith(OfRow, StringComparison.Ordinal)
            ? Matching(word[OfRow.Length..], operation => operation.Spec.Name)
            : file is null ? Matching(word.TrimStart('%'), operation => names[operation.Results[0]])
            : [.. operations.Where(operation => names[operation.Results[0]] == word)];
        if (found.Count == 0)
            problems.Error(SchemeCodes.NothingRestored, Refusal(word, file), file is null ? null : new SourceLocation(file), Hint(word));
        return found;
    }

    private string Refusal(string word, string? file)
    {
        string who = file is null ? "restore-float" : "'restore' of the scheme";
        return graph.Inputs.Any(input => input.Name == word.TrimStart('%'))
            ? $"{who}: '{word}' is an input of the network, which is no operation"
            : $"{who}: no operation of the network is called '{word}'";
    }

    private string Hint(string word) => word.StartsWith(OfRow, StringComparison.Ordinal)
        ? Nearest.Hint(word, Known(operation => OfRow + operation.Spec.Name), $"its rows: {Listing.Of(Known(o => o.Spec.Name))}")
        : Nearest.Hint(word.TrimStart('%'), Known(operation => names[operation.Results[0]]), Sources);

    private string[] Known(Func<Operation, string> name) => [.. operations.Select(name).Distinct(StringComparer.Ordinal)];

    private List<Operation> Matching(string pattern, Func<Operation, string> name) =>
        [.. operations.Where(operation => NodePattern.Matches(pattern, name(operation)))];
}
