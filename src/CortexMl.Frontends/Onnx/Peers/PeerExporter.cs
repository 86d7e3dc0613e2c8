using System.Collections.Frozen;
using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx.Peers;

/// <summary>How the ONNX peer of an integer network computes.</summary>
public enum PeerKind
{
    /// <summary>In float32, scales folded into the weights and clamps left out: the network as it was before quantization.</summary>
    Float,

    /// <summary>
    /// In 8 bits, activations unsigned and weights signed: QLinearConv, QGemm, QLinearAdd and the like with the network's own scales.
    /// </summary>
    Int8,
}

/// <summary>
/// Writes an integer network as the ONNX model that others would run instead, to compare speed with: the same layers, in float32 or in 8
/// bits. Inputs and outputs are float tensors that hold the network's integers. Rounding and clamps differ from ours, so results are
/// close, not equal.
/// </summary>
public static class PeerExporter
{
    private static readonly FrozenDictionary<OpSpec, Action<PeerWriter, Operation>> s_rows =
        new[] { PeerProducts.All, PeerSums.All, PeerMoves.All, PeerReals.All }.SelectMany(family => family).ToFrozenDictionary();

    /// <exception cref="DiagnosticException">
    /// CML0255: operations without a form in ONNX, all of them; CML0250: no integer graph.
    /// </exception>
    public static OnnxModel Export(Graph graph, PeerKind kind)
    {
        if (graph.Level != Level.Cvm)
            throw new DiagnosticException(OnnxCodes.NotExportable,
                $"graph '{graph.Name}' is at level {LevelNames.Of(graph.Level)}; peers are made of integer networks",
                hint: "compile it first");
        Check(graph);
        var writer = new PeerWriter(graph, kind);
        foreach (var operation in graph.Operations)
            if (operation.Constant is null && !writer.IsDone(operation)) s_rows[operation.Spec](writer, operation);
        string[] outputs = [.. graph.Outputs.Select(writer.Output)];
        return new OnnxModel(writer.ToBytes(), [.. graph.Inputs.Select(i => writer[i].Name)], outputs, []);
    }

    private static void Check(Graph graph)
    {
        var problems = new DiagnosticBag();
        foreach (var rows in graph.Operations.Where(o => o.Constant is null && !HasForm(o))
            .GroupBy(o => o.Spec.Name, StringComparer.Ordinal))
            problems.Error(OnnxCodes.NoPeer,
                string.Create(CultureInfo.InvariantCulture,
                $"{rows.Key} has no counterpart in ONNX ({Counted.Of(rows.Count(), "operation")})"), rows.First().Location);
        problems.ThrowIfErrors();
    }

    /// <summary>Weights must be constants.</summary>
    private static bool HasForm(Operation operation) =>
        s_rows.ContainsKey(operation.Spec)
            && (!PeerProducts.All.ContainsKey(operation.Spec) || operation.Operands.Skip(1).All(o => o.IsConstant));
}
