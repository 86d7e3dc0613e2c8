using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes;

namespace CortexMl.Tests.Comparing;

/// <summary>
/// Wrong at the float level: max(relu(x)) → max(x). Right where some element of each window is above zero. The first rule, which makes an
/// operation again, harms nobody.
/// </summary>
public sealed class WrongRelu : RewritePass
{
    public static readonly PassInfo Record = new("wrong-relu", "Removes a relu in front of a max pool", Level.Float, Level.Float);

    private readonly HashSet<Operation> _made = [];

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        Rule.On(NnConv.Conv2D).Where(o => !_made.Contains(o)).Rewrite(Again),
        Rule.On(NnUnary.Relu).Where(o => o.Result.Uses.Any(use => use.User?.Spec == NnPool.MaxPool2D)).Rewrite(WithoutRelu),
    ];

    private Value Again(Operation conv, PassContext context)
    {
        var again = context.Rewriter.Insert(conv, conv.Spec, conv.Operands, conv.Attributes, conv.Location);
        _made.Add(again);
        return again.Result;
    }

    private static Value WithoutRelu(Operation relu, PassContext context) => relu["data"];
}

/// <summary>Wrong at the cvm level: the shift with the smallest precision is one bit short. The first rule harms nobody.</summary>
public sealed class WrongShift : RewritePass
{
    public static readonly PassInfo Record = new("wrong-shift", "Shifts by one bit too few", Level.Cvm, Level.Cvm);

    private readonly HashSet<Operation> _made = [];

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        Rule.On(CvmUnary.Relu).Where(o => !_made.Contains(o)).Rewrite((o, context) => Again(o, o.Attributes, context)),
        Rule.On(CvmUnary.CvmRightShift).Where(o => o.Int("precision") == 8 && !_made.Contains(o)).Rewrite(OneBitShort),
    ];

    private Value OneBitShort(Operation shift, PassContext context) =>
        Again(shift, shift.Attributes.With("shift_bit", (int)shift.Int("shift_bit") - 1), context);

    private Value Again(Operation operation, Attributes attributes, PassContext context)
    {
        var again = context.Rewriter.Insert(operation, operation.Spec, operation.Operands, attributes, operation.Location);
        _made.Add(again);
        return again.Result;
    }
}

/// <summary>Fails on every graph, with an exception that is no diagnostic.</summary>
public sealed class FailingPass : Pass
{
    public static readonly PassInfo Record = new("failing-pass", "Fails", Level.Any, Level.Any,
        new PassOption("word", PassOptionKind.Text, "", "Stands in the message"));

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        context.Diagnostics.Warning("CML0500", "a warning before the failure");
        throw new InvalidOperationException($"it fails: {context.Options.Text("word")}");
    }
}
