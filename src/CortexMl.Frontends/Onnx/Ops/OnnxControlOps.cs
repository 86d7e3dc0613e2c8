using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Control flow that is none: what runs follows from constants and shapes.</summary>
internal static class OnnxControlOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("If", "the branch that its condition chooses, which must follow from constants, shapes or --bind") { Import = If, Fold = If },
    ];

    private static Entry[] If(OnnxNode n)
    {
        string branch = n.Number(0, "the condition") != 0 ? "then_branch" : "else_branch";
        var body = n.Attributes.Graph(branch) ?? throw new NodeException(FrontendCodes.ModelMalformed, $"it has no {branch}");
        if (body.Output.Count < n.OutputCount)
            throw n.Mismatch($"its {branch} gives {Counted.Of(body.Output.Count, "output")} where there are {n.OutputCount}");
        return [.. n.Inline(body).Take(n.OutputCount).Select((entry, i) => entry with { Name = n.OutputName(i) })];
    }
}
