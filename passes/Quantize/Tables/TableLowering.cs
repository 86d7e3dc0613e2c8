using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Passes.Quantize.Pointwise;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Tables;

//  %1 = nn.sigmoid(%0)   ⇒   %1 = cvm.cvm_lut(cvm.broadcast_add(%0 as i10, @α), @table) {in_dim = 2α + 1}
//
// The table holds f at every index in the consumers' own scale and precision. The index's domain is cut where f is flat, which makes its
// steps finer. Where a line and a table of what is beside it are finer still (Ramp):
//
//  %1 = nn.swish(%0)   ⇒   %1 = cvm.elemwise_add(cvm.relu(%0 as i20), cvm.cvm_lut(cvm.broadcast_add(%0 as i12, @α), @table))
internal static class TableLowering
{
    /// <summary>Steps tried when the domain is cut.</summary>
    private const int DomainSteps = 256;

    /// <summary>Of the result's step: what a function may move by where it counts as flat.</summary>
    public const double Tolerance = 0.25;

    //  nn.pow(%0, @p) with one number p is a function of one number
    public static readonly LoweringRule Power = Of(PowerOf) with
    {
        Refusal = op => op["b"].Splat() is not null ? null : "the exponent must be one constant number",
    };

    public static LoweringRule Of(Func<IOperation, Func<double, double>> function) => Of((Operation op) => function(op));

    private static LoweringRule Of(Func<Operation, Func<double, double>> function) => new(
        (op, index, demands) => index != 0 ? null
            : RampOf(op, function(op), demands) is { } ramp ? ramp.Data : IndexDemand(op, function(op), demands),
        (op, quantizer) => Lower(op, quantizer, function(op)))
    {
        Table = (op, demands) => TableOf(op, function(op), demands),
    };

    private static Func<double, double> PowerOf(Operation op)
    {
        double exponent = op["b"].Splat() ?? double.NaN;
        return x => PortableMath.Pow(x, exponent);
    }

    private static LookupTable? TableOf(Operation op, Func<double, double> f, Demands demands)
    {
        if (WholeParts.AreOf(op)) return null;
        double reach = ResultDemand(op, demands).Reach;
        return RampOf(op, f, demands) is { } ramp ? LookupTable.Of(op, ramp, f, reach)
            : LookupTable.Of(op, IndexDemand(op, f, demands), f, reach);
    }

    private static Ramp? RampOf(Operation op, Func<double, double> f, Demands demands) =>
        Demands.Threshold(op.Operands[0]) == 0 ? null
        : Ramp.Of(op, f, IndexDemand(op, f, demands, QuantizeSettings.Default.TablePrecision), demands);

    private static Demand IndexDemand(Operation op, Func<double, double> f, Demands demands, int most = DemandPrecision.Wide)
    {
        var result = ResultDemand(op, demands);
        double seen = Demands.Threshold(op.Operands[0]), domain = Domain(f, Headroom.Domain(op, result), result.Scale);
        // A bit more where it goes further than was seen, so that steps stay as fine.
        int precision = Math.Min(demands.Settings.TablePrecision, most) + (domain > seen ? 1 : 0);
        if (WholeParts.AreOf(op)) precision = Math.Max(precision, Precisions.Of((long)Math.Ceiling(domain)));
        precision = DemandPrecision.Of(op.Operands[0], Math.Min(precision, DemandPrecision.Wide), DemandPrecision.Wide);
        var demand = Demand.Covering(precision, domain);
        return WholeParts.AreOf(op) ? WholeParts.Demand(demand) : demand;
    }

    private static Demand ResultDemand(Operation op, Demands demands)
    {
        var wanted = demands.Of(op.Result);
        bool fits = wanted.Precision <= OutputBits.Most && !wanted.Units.IsPerChannel;
        return fits ? wanted : Demands.Covering(DemandPrecision.Wide, op.Result);
    }

    private static Value Lower(Operation op, Quantizer quantizer, Func<double, double> f)
    {
        if (RampOf(op, f, quantizer.Demands) is { } ramp)
        {
            var data = quantizer.At(op.Operands[0], ramp.Data);
            var rest = Lookup(op, quantizer, quantizer.Requantized(data, ramp.Index), ramp.Index, ramp.Rest, ramp.Line);
            var line = quantizer.Emit(CvmUnary.Relu, [data], null, ramp.Line.Units);
            return quantizer.Emit(CvmBinary.ElemwiseAdd, [line, rest], null, ramp.Line.Units);
        }
        var demand = IndexDemand(op, f, quantizer.Demands);
        return Lookup(op, quantizer, quantizer.At(op.Operands[0], demand), demand, f, ResultDemand(op, quantizer.Demands));
    }

    private static Value Lookup(Operation op, Quantizer quantizer, Value data, Demand demand, Func<double, double> f, Demand target)
    {
        int half = (int)Precisions.Bound(demand.Precision);
        string name = quantizer.Name(op.Result);
        var offset = quantizer.Constant($"{name}.offset", Tensor.Vector(half), data.Type.Scale);
        var index = quantizer.Emit(CvmBinary.BroadcastAdd, [data, offset], null, data.Type.Scale!);
        var table = quantizer.Constant($"{name}.table", Entries(f, half, demand.Scale, target), Scale.PerTensor(target.Scale));
        return quantizer.Emit(CvmLookup.CvmLut, [index, table], Attributes.Of(("in_dim", 2 * half + 1)), Scale.PerTensor(target.Scale));
    }

    private static Tensor<int> Entries(Func<double, double> f, int half, double scale, Demand target)
    {
        long bound = Precisions.Bound(target.Precision);
        var entries = new int[2 * half + 1];
        for (int i = 0; i < entries.Length; i++)
        {
            double value = f((i - half) / scale);
            // Poles and domains left (log of a negative number) saturate: calibration never saw such inputs.
            entries[i] = double.IsNaN(value) ? 0 : Rounding.Clamped(Math.Clamp(value * target.Scale, -2.0 * bound, 2.0 * bound), bound);
        }
        return Tensor.Vector(entries);
    }

    /// <summary>The smallest d &lt;= threshold such that beyond ±d the function moves by at most a quarter of the result's step.</summary>
    private static double Domain(Func<double, double> f, double threshold, double resultScale)
    {
        double step = Tolerance / resultScale, high = f(threshold), low = f(-threshold);
        int cut = DomainSteps;
        while (cut > 1)
        {
            double d = threshold * (cut - 1) / DomainSteps;
            if (!(Math.Abs(f(d) - high) <= step && Math.Abs(f(-d) - low) <= step)) break;
            cut--;
        }
        return threshold * cut / DomainSteps;
    }
}
