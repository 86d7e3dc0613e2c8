using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Instrumentation;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

public sealed class FailureTests
{
    private static readonly Func<Pass> Breaks = ScriptedPass.Named("breaks",
        (graph, context) => context.Rewriter.SetType(graph.Inputs[0], TensorType.Integer(8, Tensors.Shape.Of(1, 2))));

    [Fact]
    public void A_broken_graph_is_an_internal_error_that_names_pass_and_rule()
    {
        var error = Assert.Throws<PassFailedException>(() => Run(Breaks));
        Assert.Equal("breaks", error.Pass);
        Assert.Equal("CML0905", error.Diagnostic.Code);
        Assert.Contains("CML0309: %x: i8[1, 2]: element i8 is not legal at the float level", error.Message);
    }

    [Fact]
    public void Verification_can_be_switched_off() =>
        Run(Breaks, options: new() { VerifyEach = false });

    [Fact]
    public void A_users_error_is_passed_on_as_it_is()
    {
        var error = Assert.Throws<DiagnosticException>(() => Run(ScriptedPass.Named("p", (_, _) => throw new DiagnosticException("CML0500", "no data"))));
        Assert.Equal("no data", Assert.Single(error.Diagnostics).Message);
    }

    [Fact]
    public void A_failure_leaves_the_graph_before_it_and_the_pipeline_that_replays_it()
    {
        string? written = null;
        var reproducer = new Reproducer(graph => $"graph of {graph.Inputs[0].Type}\n", text => written = text);
        Assert.Throws<PassFailedException>(() => Run(
            ScriptedPass.Named("throws", (graph, context) =>
            {
                context.Rewriter.SetType(graph.Inputs[0], TensorType.Float(7));
                throw new InvalidOperationException("first line\nsecond line");
            }), reproducer));
        Assert.Equal("// pass 'throws' failed: first line\n// second line\n//! opt --passes=throws\ngraph of f32[1, 2]\n", written);
    }

    [Fact]
    public void A_users_error_leaves_no_reproducer()
    {
        string? written = null;
        Assert.Throws<DiagnosticException>(() => Run(
            ScriptedPass.Named("p", (_, _) => throw new DiagnosticException("CML0500", "no data")), new Reproducer(_ => "", text => written = text)));
        Assert.Null(written);
    }

    private static void Run(Func<Pass> pass, IPassInstrumentation? hook = null, PassManagerOptions? options = null) =>
        new PassManager(new PassRegistry(pass)).Run(ScriptedPass.Echo(), new Pipeline(new PipelineStep(pass().Info.Name)), instrumentations: hook is null ? [] : [hook], options: options);
}
