using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Borders around a tensor.</summary>
internal static class MxNetPadOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Pad", "pad")
        {
            Doc = "nn.pad with a constant, nn.take for the other modes",
            Attributes =
            [
                new("mode", "constant", "constant, edge or reflect"), new("pad_width", Doc: "before and after for each axis"),
                new("constant_value", "0"),
            ],
            Import = n =>
            {
                string mode = n.Attributes.Choice("mode", "constant", "edge", "reflect");
                return [Padded(n, n.Attributes.Ints("pad_width"), mode)];
            },
        },
        new("_npi_pad", "_np_pad")
        {
            Doc = "nn.pad with a constant, nn.take for the other modes",
            Attributes =
            [
                new("mode", "constant", "constant, edge, reflect or symmetric"),
                new("pad_width", Doc: "before and after for each axis, for all axes, or one number for both"),
                new("constant_value", "0"), new("reflect_type", "even", "even"),
            ],
            Import = n =>
            {
                string mode = n.Attributes.Choice("mode", "constant", "edge", "reflect", "symmetric");
                if (mode is "reflect" or "symmetric") n.Attributes.Require("reflect_type", "even");
                long[] widths = n.Attributes.FlatInts("pad_width");
                if (widths.Length == 1) widths = [widths[0], widths[0]];
                if (widths.Length == 2) widths = [.. Enumerable.Repeat(widths, n.Rank).SelectMany(pair => pair)];
                return [Padded(n, widths, mode)];
            },
        },
    ];

    private static Value Padded(NodeImport n, long[] widths, string mode)
    {
        if (widths.Length != 2 * n.Rank || Array.Exists(widths, w => w < 0))
            throw n.Attributes.Unsupported(
                "pad_width", $"{Counted.Of(2 * n.Rank, "integer")} from 0 on for data of rank {n.Rank}");
        var data = n.Data();
        if (mode == "constant")
            return n.Emit(NnShape.Pad, [data], ("before", widths.Where((_, i) => i % 2 == 0).ToArray()),
                ("after", widths.Where((_, i) => i % 2 == 1).ToArray()), ("value", n.Attributes.Float("constant_value")));
        for (int axis = 0; axis < n.Rank; axis++)
        {
            var (front, back) = (widths[2 * axis], widths[2 * axis + 1]);
            if (front + back == 0) continue;
            long[] pick = Borders.Indices(data.Type.Shape[axis], front, back, mode);
            var indices = n.Floats($"axis{axis}", Tensor.Vector(Array.ConvertAll(pick, i => (float)i)));
            data = n.Step($"padded{axis}", NnLookup.Take, [data, indices], ("axis", axis));
        }
        return n.Emit(NnUnary.Identity, [data]);
    }
}
