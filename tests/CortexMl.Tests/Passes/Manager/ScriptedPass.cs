using CortexMl.Ir;
using CortexMl.Passes;

namespace CortexMl.Tests.Passes.Manager;

/// <summary>A pass whose body is given by the test.</summary>
internal sealed class ScriptedPass(PassInfo info, Action<Graph, PassContext> body) : Pass
{
    public override PassInfo Info => info;

    public override void Run(Graph graph, PassContext context) => body(graph, context);

    public static Func<Pass> Named(
        string name, Action<Graph, PassContext>? body = null, Level from = Level.Any, Level to = Level.Any, params PassOption[] options) =>
        () => new ScriptedPass(new PassInfo(name, "Does what the test says", from, to, options), body ?? ((_, _) => { }));

    /// <summary>A graph that returns its only input.</summary>
    public static Graph Echo()
    {
        var build = new GraphBuilder("echo", Level.Float);
        build.Output(build.Input("x", TensorType.Float(1, 2)));
        return build.Build();
    }
}
