using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Auditing;

/// <summary>What an audit found; the JSON of <c>cortexml audit</c>.</summary>
/// <param name="Root">Of the first transcript.</param>
/// <param name="OtherRoot">Of the second one, or of what was computed again.</param>
/// <param name="Layers">Leaves of the trees: the inputs, and every operation.</param>
/// <param name="Comparisons">Pairs of digests that were compared below the roots, at most ⌈log2 of the layers⌉.</param>
/// <param name="Executed">Layers that were executed.</param>
/// <param name="Difference">The first layer that differs; null where the roots are the same.</param>
public sealed record AuditReport(
    string Root, string OtherRoot, int Layers, int Comparisons, int Executed, LayerDifference? Difference)
{
    public bool Agrees => Difference is null;
}

/// <summary>The first layer in which two transcripts differ.</summary>
/// <param name="Place">Of its leaf; 0 are the inputs.</param>
public sealed record LayerDifference(int Place, string Name, string Operation)
{
    /// <summary>The digests of its results in the first transcript.</summary>
    public required IReadOnlyList<string> Digests { get; init; }

    /// <summary>Those in the second one.</summary>
    public required IReadOnlyList<string> OtherDigests { get; init; }

    /// <summary>Those of the layer executed on what both agree upon; null where it was not executed.</summary>
    public IReadOnlyList<string>? Executed { get; init; }

    /// <summary>Whether the first transcript is right about the layer; null where it was not executed.</summary>
    public bool? IsRight => Executed?.SequenceEqual(Digests);

    /// <summary>The same of the second one.</summary>
    public bool? IsOtherRight => Executed?.SequenceEqual(OtherDigests);
}

/// <summary>Finds the layer in which a run went wrong.</summary>
public static class Audit
{
    /// <summary>Computes everything once more.</summary>
    /// <param name="inputs">One tensor per input of the graph.</param>
    /// <param name="cancellation">Ends it: looked at before each layer.</param>
    /// <exception cref="DiagnosticException">
    /// CML0992: the transcript is of another model or input; those of <see cref="TranscriptRun.Record"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>.</exception>
    public static AuditReport Recompute(
        Transcript given, Model model, IReadOnlyList<Tensor<int>> inputs, CancellationToken cancellation = default)
    {
        CheckModel(given, model);
        var computed = TranscriptRun.Record(model, inputs, cancellation);
        if (!computed.Tree[0].AsSpan().SequenceEqual(given.Tree[0]))
            throw new DiagnosticException(LibraryCodes.TranscriptUnfit, "the transcript is of another input",
                hint: "give the input of the run, prepared as then");
        return Compare(given, computed) with { Executed = computed.Layers.Count - 1 };
    }

    /// <summary>Descends the trees of two parties to the first layer in which they differ.</summary>
    /// <exception cref="DiagnosticException">CML0992: the transcripts are of different models.</exception>
    public static AuditReport Compare(Transcript first, Transcript second)
    {
        if (first.Model != second.Model || first.Layers.Count != second.Layers.Count)
            throw new DiagnosticException(LibraryCodes.TranscriptUnfit, "the transcripts are of different models",
                hint: $"{first.Model} and {second.Model}");
        if (first.Root == second.Root) return new(first.Root, second.Root, first.Layers.Count, 0, 0, null);
        var (place, comparisons) = MerkleTree.FirstDifference(first.Tree, second.Tree);
        var layer = first.Layers[place];
        return new(first.Root, second.Root, first.Layers.Count, comparisons, 0, new LayerDifference(place, layer.Name, layer.Operation)
        {
            Digests = layer.Digests, OtherDigests = second.Layers[place].Digests,
        });
    }

    /// <summary>
    /// Descends the trees of two parties, and executes the one layer in which they first differ on its operands, which both agree upon.
    /// </summary>
    /// <param name="values">Opens the operands, with proofs that lead to the root of one of the parties.</param>
    /// <exception cref="DiagnosticException">
    /// CML0992: another model, different models, or different inputs, of which none can be executed; CML0993: what is opened is not what
    /// the trees hold.
    /// </exception>
    public static AuditReport Decide(Transcript first, Transcript second, Model model, OpenedValues values)
    {
        CheckModel(first, model);
        var report = Compare(first, second);
        if (report.Difference is not { } difference) return report;
        if (AuditedLayer.Of(model.Graph)[difference.Place].Operation is not { } operation)
            throw new DiagnosticException(LibraryCodes.TranscriptUnfit, "the transcripts are of different inputs",
                hint: "who is right about an input is not for a computation to say");
        var results = LayerRun.Execute(model, operation, place => values.Open(place, first, second));
        return report with
        {
            Executed = 1,
            Difference = difference with { Executed = [.. results.Select(r => Convert.ToHexStringLower(AuditHash.OfTensor(r)))] },
        };
    }

    private static void CheckModel(Transcript transcript, Model model)
    {
        AuditedLayer.Check(model);
        string digest = GraphDigest.OfContent(model.Graph);
        if (transcript.Model != digest || transcript.Layers.Count != AuditedLayer.Of(model.Graph).Count)
            throw new DiagnosticException(LibraryCodes.TranscriptUnfit, $"the transcript is of another model than '{model.Name}'",
                hint: $"it is of {transcript.Model}, the model is {digest}");
    }
}
