using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Instrumentation;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

public sealed class InstrumentationTests
{
    private static readonly PassInfo s_renames =
        new("renames", "Renames the input", Level.Any, Level.Any) { Alters = GraphContract.Inputs };

    private static readonly Func<Pass>[] Passes =
    [
        ScriptedPass.Named("idle"),
        () => new ScriptedPass(s_renames, (graph, context) => context.Rewriter.SetName(graph.Inputs[0], "y")),
    ];

    [Fact]
    public void Dump_on_change_shows_only_passes_that_changed_something() =>
        Assert.Equal("// after renames\ninput y\n", Dump(DumpWhen.Changed));

    [Fact]
    public void Dump_before_and_after_names_the_pass() =>
        Assert.Equal("// before renames\ninput x\n// after renames\ninput y\n", Dump(DumpWhen.Before | DumpWhen.After, "renames"));

    [Fact]
    public void Times_list_every_pass_in_order()
    {
        var times = new PassTimes();
        Run(times);
        Assert.Equal(["idle", "renames"], times.Times.Select(t => t.Pass));
        Assert.All(times.Times, t => Assert.True(t.Time >= TimeSpan.Zero));
        Assert.EndsWith("rewrites  renames\n", times.ToString());
    }

    private static string Dump(DumpWhen when, params string[] passes)
    {
        using var writer = new StringWriter();
        Run(new GraphDump(when, graph => $"input {graph.Inputs[0].Name}", writer, passes));
        return writer.ToString();
    }

    private static void Run(IPassInstrumentation hook) =>
        new PassManager(new PassRegistry(Passes)).Run(ScriptedPass.Echo(), Pipeline.Parse("idle,renames"), instrumentations: [hook]);
}
