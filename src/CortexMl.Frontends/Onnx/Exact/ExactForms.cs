using System.Collections.Frozen;
using CortexMl.Analysis;
using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>How a row of the cvm level is written.</summary>
/// <param name="Doc">The operators of ONNX that it becomes.</param>
internal sealed record ExactForm(string Doc, Action<ExactRow> Write)
{
    /// <summary>
    /// Why an operation cannot be written though its row can, as the end of a sentence; null where it can. Null for rows that always can.
    /// </summary>
    public Func<Operation, Intervals, string?>? WhyNot { get; init; }
}

/// <summary>How each row is written, collected from one class for each family.</summary>
internal static class ExactForms
{
    public static FrozenDictionary<OpSpec, ExactForm> All { get; } = new[]
    {
        ExactProducts.All, ExactElements.All, ExactPairs.All, ExactPools.All, ExactReductions.All, ExactMoves.All, ExactChoices.All,
        ExactDetections.All,
    }.SelectMany(family => family).ToFrozenDictionary();
}
