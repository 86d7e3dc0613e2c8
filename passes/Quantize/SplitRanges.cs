using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

//  %0 = nn.concat(%a: … within 1000, %b: … within 1)          %0 = nn.dense(%a, @w[%a])
//  %1 = nn.dense(%0, @w, @c)                           ⇒      %1 = nn.dense(%b, @w[%b], @c)
//                                                             %2 = nn.add(%0, %1)
//
// A layer reads 8 bits at one scale. Where parts of what it reads are so much smaller than others that the steps of these drown them,
// and the weights make up for it, each range has a layer of its own, and the 16-bit sums are added. Exact in float.
public sealed class SplitRanges : RewritePass
{
    public static readonly PassInfo Record = new(
        "split-ranges", "Split layers that read joined values of ranges so far apart that one 8-bit scale drowns the smaller ones",
        Level.Float, Level.Float);

    /// <summary>Parts whose thresholds are no more than this factor below the largest stay together.</summary>
    private const double Together = 8;

    /// <summary>Rounding the smaller parts at the largest one's scale may cost this share of the result's threshold.</summary>
    private const double Tolerated = 1.0 / 32;

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
        new[] { NnConv.Dense, NnConv.Conv2D }.Select(spec => Rule.On(spec).Rewrite(Split));

    private static Value? Split(Operation op, PassContext context)
    {
        if (Contraction.Of(op) is not { } layer || (layer.IsConvolution && op.Int("groups") != 1)) return null;
        if (layer.Data.MadeBy(NnShape.Concat) is not { } join || join.Result.Type.Shape.Axis(join.Int("axis")) != layer.DataAxis)
            return null;
        double result = Demands.Threshold(op.Result);
        if (result == 0) return null;
        double most = join.Operands.Max(Demands.Threshold);
        bool[] isSmall = [.. join.Operands.Select(o => Demands.Threshold(o) * Together < most)];
        if (!isSmall.Contains(true)) return null;
        bool[] small = [.. join.Operands.Zip(isSmall, (o, s) => Enumerable.Repeat(s, o.Type.Shape[layer.DataAxis])).SelectMany(s => s)];
        double step = most / Precisions.Bound(DemandPrecision.Data);
        if (step / Math.Sqrt(12) * Norm(op["weight"], small) < Tolerated * result) return null;

        var large = Part(op, context, join, layer.DataAxis, isSmall, small, false);
        var rest = Part(op, context, join, layer.DataAxis, isSmall, small, true);
        double most1 = large.Type.Threshold!.Value, most2 = rest.Type.Threshold!.Value;
        // Neither is further from zero than the sum and the other.
        context.Rewriter.SetType(large, large.Type with { Threshold = Math.Min(most1, result + most2) });
        context.Rewriter.SetType(rest, rest.Type with { Threshold = Math.Min(most2, result + most1) });
        return context.Insert(op, NnBinary.Add, [large, rest]);
    }

    /// <summary>The layer over the large or the small operands alone; the bias goes with the small ones.</summary>
    private static Value Part(
        Operation op, PassContext context, Operation join, int axis, bool[] isSmall, bool[] channels, bool wanted)
    {
        Value[] parts = [.. join.Operands.Where((_, i) => isSmall[i] == wanted)];
        var data = parts[0];
        double threshold = parts.Max(Demands.Threshold);
        if (parts.Length > 1)
        {
            data = context.Insert(op, NnShape.Concat, parts, Attributes.Of(("axis", axis)));
            context.Rewriter.SetType(data, data.Type with { Threshold = threshold });
        }
        var weight = Weights(op["weight"], channels, wanted);
        var bias = wanted ? op.OperandAt(2) : null;
        var constant = context.Rewriter.InsertConstant(op, Insertion.NameFor(op, wanted ? "small" : "large"), weight);
        var layer = context.Insert(op, op.Spec, bias is null ? [data, constant] : [data, constant, bias], op.Attributes);
        double most = 0;
        int terms = weight.Length / weight.Shape[0];
        for (int o = 0; o < weight.Shape[0]; o++)
        {
            double sum = Math.Abs((double)(bias?.Floats()![o] ?? 0));
            for (int i = o * terms; i < (o + 1) * terms; i++) sum += Math.Abs((double)weight.Data[i]) * threshold;
            most = Math.Max(most, sum);
        }
        context.Rewriter.SetType(layer, layer.Type with { Threshold = most });
        return layer;
    }

    /// <summary>The weights of some input channels, axis 1.</summary>
    private static Tensor<float> Weights(Value weight, bool[] channels, bool wanted)
    {
        var shape = weight.Type.Shape;
        int taps = (int)(shape.Count / shape[0] / shape[1]);
        float[] all = weight.Floats()!;
        float[] kept = [.. Enumerable.Range(0, shape[0] * shape[1]).Where(at => channels[at % shape[1]] == wanted)
            .SelectMany(at => all.AsSpan(at * taps, taps).ToArray())];
        return Tensor.Create(shape.With(1, channels.Count(c => c == wanted)), kept);
    }

    /// <summary>The largest Euclidean norm of the weights that one output channel has for the small inputs.</summary>
    private static double Norm(Value weight, bool[] small)
    {
        var of = Weights(weight, small, true);
        int terms = of.Length / of.Shape[0];
        return of.Data.Chunk(terms).Max(row => Math.Sqrt(row.Sum(w => (double)w * w)));
    }
}
