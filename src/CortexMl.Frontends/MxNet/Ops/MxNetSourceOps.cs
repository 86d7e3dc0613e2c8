namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Operators that make constants, of their own or of another tensor's shape.</summary>
internal static class MxNetSourceOps
{
    public static readonly MxNetOp[] Rows =
    [
        Filled(0, "_zeros", "_npi_zeros"),
        Filled(1, "_ones", "_npi_ones"),
        new("_full", "_npi_full")
        {
            Doc = "a constant",
            Data = [],
            Attributes = [new("shape", "()"), new("value")],
            Import = n => [n.Filled(n.Attributes.Ints("shape"), _ => n.Attributes.Float("value"))],
        },
        new("_arange", "_npi_arange")
        {
            Doc = "a constant; stop known at import",
            Data = [],
            Attributes = [new("start", "0"), new("stop", "None", "None: from 0 up to start"), new("step", "1.0"),
                new("repeat", "1", "copies of each number"), new("infer_range", "False", "False")],
            Import = n => [Range(n)],
        },
        Like(0, "zeros_like", "_np_zeros_like", "_npi_zeros_like"),
        Like(1, "ones_like", "_np_ones_like", "_npi_ones_like"),
        new("shape_array") { Doc = "a constant: the input's shape", Import = n => [n.Filled([n.Rank], i => n.Data().Type.Shape[i])] },
        new("size_array") { Doc = "a constant: the number of elements", Import = n => [n.Filled([1], _ => n.Data().Type.Shape.Count)] },
    ];

    private static MxNetOp Filled(double value, params string[] names) =>
        new(names)
        {
            Doc = "a constant", Data = [], Attributes = [new("shape", "()")],
            Import = n => [n.Filled(n.Attributes.Ints("shape"), _ => value)],
        };

    private static MxNetOp Like(double value, params string[] names) => new(names)
    {
        Doc = "a constant of the input's shape",
        Import = n => [n.Filled([.. n.Data().Type.Shape.Select(d => (long)d)], _ => value)],
    };

    private static Ir.Value Range(NodeImport n)
    {
        var a = n.Attributes;
        if (a.Bool("infer_range")) throw a.Unsupported("infer_range", "False: the end must be known");
        double start = a.Float("start"), stop = start, step = a.Float("step");
        if (a.Text("stop") is null) start = 0;
        else stop = a.Float("stop");
        int repeat = a.Int("repeat", 1);
        double count = step == 0 ? double.NaN : Math.Ceiling((stop - start) / step) * repeat;
        if (!(count is >= 1 and <= int.MaxValue)) throw n.Mismatch($"{start} to {stop} by {step} is no range");
        return n.Filled([(long)count], i => start + i / repeat * step);
    }
}
