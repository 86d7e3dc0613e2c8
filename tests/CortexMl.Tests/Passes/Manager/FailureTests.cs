using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Instrumentation;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

public sealed class FailureTests
{
    private static readonly Func<Pass> Breaks = ScriptedPass.Named("breaks",
        (graph, context) => context.Rewriter.SetType(graph.Inputs[0], TensorType.Integer(8, Shape.Of(1, 2))));

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
        var error = Assert.Throws<DiagnosticException>(() =>
            Run(ScriptedPass.Named("p", (_, _) => throw new DiagnosticException("CML0500", "no data"))));
        Assert.Equal("no data", Assert.Single(error.Diagnostics).Message);
    }

    [Fact]
    public void A_failure_leaves_the_graph_before_it_and_the_pipeline_that_replays_it()
    {
        string? written = null;
        Assert.Throws<PassFailedException>(() => Run(Throws, new Reproducer("failure.npz", (text, _) => written = text)));
        Assert.Equal("""
            //! opt --passes=throws
            //? error CML0905
            // pass 'throws' failed: first line
            // second line
            graph @echo(%x: f32[1, 2]) -> f32[1, 2] {
              return %x
            }

            """, written);
    }

    [Fact]
    public void Constants_too_large_for_the_text_are_left_beside_it()
    {
        var build = new GraphBuilder("large", Level.Float);
        build.Output(
            build.Op(NnBinary.Add,
            [build.Input("x", TensorType.Float(100)), build.Constant("w", Tensor.Zeros<float>(Shape.Of(100)))]));
        string? written = null;
        IReadOnlyList<(string Key, Tensor Tensor)> constants = [];
        var reproducer = new Reproducer("failure.npz", (text, beside) => (written, constants) = (text, beside));
        Assert.Throws<PassFailedException>(() => Run(Throws, reproducer, build.Build()));
        Assert.Contains("@w: f32[100] = file(\"failure.npz\", \"w\")", written);
        Assert.Equal(("w", 100), (Assert.Single(constants).Key, constants[0].Tensor.Length));
    }

    [Fact]
    public void A_users_error_leaves_no_reproducer()
    {
        string? written = null;
        Assert.Throws<DiagnosticException>(() => Run(
            ScriptedPass.Named("p", (_, _) => throw new DiagnosticException("CML0500", "no data")),
            new Reproducer("failure.npz", (text, _) => written = text)));
        Assert.Null(written);
    }

    private static readonly Func<Pass> Throws = ScriptedPass.Named("throws", (graph, context) =>
    {
        context.Rewriter.SetType(graph.Inputs[0], TensorType.Float(7));
        throw new InvalidOperationException("first line\nsecond line");
    });

    private static void Run(Func<Pass> pass, IPassInstrumentation? hook = null, Graph? graph = null, PassManagerOptions? options = null) =>
        new PassManager(new PassRegistry(pass)).Run(
            graph ?? ScriptedPass.Echo(), new Pipeline(new PipelineStep(pass().Info.Name)),
            instrumentations: hook is null ? [] : [hook], options: options);
}
