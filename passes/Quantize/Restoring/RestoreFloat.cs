using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Quantize.Schemes;

namespace CortexMl.Passes.Quantize.Restoring;

//  %3 = nn.conv2d(%2, @w) {kernel = [3, 3]}   ⇒   %3 = nn.conv2d(%2, @w) {kernel = [3, 3], restore = 1}
//
// Marks operations that stay in float in this run, to see what their integers cost: those that are named, and those of a scheme's lines
// with "restore": true. Right behind calibrate, so that names are those that calibrate saw. The mark changes nothing: quantize makes
// integers of these operations too, and hands on which they are (StandIns).
public sealed class RestoreFloat : Pass
{
    public static readonly PassInfo Record = new(
        "restore-float", "Mark operations that stay in float in this run, to see what their integers cost", Level.Float, Level.Float,
        new PassOption("operations", PassOptionKind.List, "",
            "names of results, * and ? for any characters and any one, or op:nn.sigmoid for all of a row"))
    {
        After = "calibrate",
    };

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        var names = Names.Of(graph);
        Operation[] operations = [.. graph.Operations.Where(o => o.Constant is null)];
        var named = new RestoreNames(graph, operations, names);
        var problems = new DiagnosticBag();
        var found = context.Options.List("operations").SelectMany(word => named.Of(word, null, problems))
            .Concat(Lines(context).SelectMany(line => named.Of(line.Name, line.File, problems))).ToHashSet();
        problems.ThrowIfErrors();
        foreach (var operation in operations.Where(o => found.Contains(o) && !Asks(o)))
        {
            context.Rewriter.SetAttributes(operation, operation.Attributes.With(RowCheck.Restore.Name, 1L));
            context.Rewriter.AddCount(1);
        }
        context.Services.Given.Get<StandIns>()?.Follow(graph);
    }

    /// <summary>Whether the operation is to stay in float.</summary>
    public static bool Asks(Operation operation) => operation.Attributes[RowCheck.Restore.Name] is AttributeValue.Int { Value: 1 };

    /// <summary>Attributes of an operation that takes the place of another one, with the mark that it had.</summary>
    internal static Attributes Kept(Operation old, Attributes attributes) =>
        Asks(old) ? attributes.With(RowCheck.Restore.Name, 1L) : attributes;

    /// <summary>Integers know nothing of it.</summary>
    internal static void Forget(Graph graph, Rewriter rewriter)
    {
        foreach (var operation in graph.Operations.Where(o => o.Attributes.Has(RowCheck.Restore.Name)))
            rewriter.SetAttributes(operation, operation.Attributes.Without(RowCheck.Restore.Name));
    }

    private static IEnumerable<(string Name, string File)> Lines(PassContext context) =>
        context.Services.Given.Get<GivenScheme>() is { } scheme ? scheme.File.Restored.Select(name => (name, scheme.Name)) : [];
}
