using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Control flow that is none: branches have no effects but their results.</summary>
internal static class OnnxControlOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("If", "the branch that constants, shapes or --bind choose; both branches and nn.where where data choose, of one shape")
        {
            Import = n => n.Known(0) is null ? Both(n) : Chosen(n), Fold = Chosen,
        },
    ];

    private static Entry[] Chosen(OnnxNode n)
    {
        string branch = n.Number(0, "the condition") != 0 ? "then_branch" : "else_branch";
        return [.. Branch(n, branch).Select((entry, i) => entry with { Name = n.OutputName(i) })];
    }

    private static Entry[] Both(OnnxNode n)
    {
        var condition = n.AnyData();
        if (condition.Type.Shape.Count != 1) throw n.Mismatch($"the condition {condition.Type.Shape} is not one truth");
        Entry[] taken = Branch(n, "then_branch"), other = Branch(n, "else_branch");
        return [.. taken.Select((entry, i) => Choice(n, i, condition, entry, other[i]))];
    }

    private static Entry Choice(OnnxNode n, int output, Value condition, Entry taken, Entry other)
    {
        string name = n.OutputName(output);
        if (taken.Shape != other.Shape || taken.Type != other.Type || taken.Quantized is not null || other.Quantized is not null)
            throw new NodeException(FrontendCodes.UnsupportedAttribute,
                $"the condition depends on the network's input, and '{name}' is {InWords(taken)} or {InWords(other)}",
                "branches that data choose give numbers of one type and shape");
        int[] ones = [.. Enumerable.Repeat(1, taken.Shape.Rank)];
        var truth = n.EmitAs($"{name}.condition", NnShape.Reshape, [condition], ("shape", ones));
        var chosen = n.EmitAs(name, NnLookup.Where, [truth, n.ValueOf(taken), n.ValueOf(other)]);
        return Entry.Of(name, chosen, taken.Type);
    }

    private static string InWords(Entry entry) => $"{(entry.Quantized is null ? "" : "quantized ")}{entry.Type} {entry.Shape}";

    private static Entry[] Branch(OnnxNode n, string branch)
    {
        var body = n.Attributes.Graph(branch) ?? throw new NodeException(FrontendCodes.ModelMalformed, $"it has no {branch}");
        if (body.Output.Count < n.OutputCount)
            throw n.Mismatch($"its {branch} gives {Counted.Of(body.Output.Count, "output")} where there are {n.OutputCount}");
        return n.Inline(body)[..n.OutputCount];
    }
}
