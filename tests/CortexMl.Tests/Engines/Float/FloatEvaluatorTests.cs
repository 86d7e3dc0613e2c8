using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Float;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Engines.Float;

public class FloatEvaluatorTests
{
    public static TheoryData<string> Engines => [.. FloatEngines.Names];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Inputs_constants_and_results_can_be_observed_in_any_order(string engine)
    {
        var graph = AddOneTwice(out var data, out var one, out var once);
        using var session = FloatEngines.Of(engine).Prepare(graph, [once, one, graph.Outputs[0], data, once]);
        Assert.Equal([[3f, 4f], [1f], [4f, 5f], [2f, 3f], [3f, 4f]], session.Run([Tensor.Vector(2f, 3f)]).Select(t => t.Data));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_session_runs_again_and_again(string engine)
    {
        var graph = AddOneTwice(out _, out _, out _);
        using var session = FloatEngines.Of(engine).Prepare(graph, graph.Outputs);
        for (int i = 0; i < 3; i++) Assert.Equal([i + 2f, i + 3f], session.Run([Tensor.Vector(i, i + 1f)]).Single().Data);
    }

    [Fact]
    public void The_optimised_engine_agrees()
    {
        var graph = AddOneTwice(out _, out _, out _);
        using var session = new FloatEvaluator(FloatOptions.Evaluation).Prepare(graph, graph.Outputs);
        Assert.Equal([4f, 5f], session.Run([Tensor.Vector(2f, 3f)]).Single().Data);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Inputs_of_another_shape_are_refused_with_both_shapes(string engine)
    {
        using var session = FloatEngines.Of(engine).Prepare(AddOneTwice(out _, out _, out var once), [once]);
        Assert.Equal("error CML0753: input 'data' is [2], the data is [3]", Error(() => session.Run([Tensor.Vector(1f, 2f, 3f)])));
        Assert.Equal("error CML0753: 0 tensors for 1 input", Error(() => session.Run([])));
    }

    [Fact]
    public void Memory_of_a_value_is_used_again_when_nobody_reads_it_any_more()
    {
        var build = new GraphBuilder("chain", Level.Float);
        var x = build.Input("x", TensorType.Float(2));
        var one = build.Constant("one", Tensor.Vector(1f));
        var values = new List<Value> { x };
        for (int i = 0; i < 8; i++) values.Add(build.Op(NnBinary.Add, [values[^1], i % 3 == 0 ? values[0] : one]));
        build.Output(build.Op(NnBinary.Mul, [values[2], values[^1]]));
        var graph = build.Build();
        Value[] observed = [values[3], graph.Outputs[0], values[^1]];
        using var session = PortableEvaluator.Calibration.Prepare(graph, observed);
        Assert.Equal([[12f, 4f], [275f, 27f], [25f, 9f]], Run());
        Assert.Equal([[12f, 4f], [275f, 27f], [25f, 9f]], Run());

        IEnumerable<float[]> Run() => session.Run([Tensor.Vector(5f, 1f)]).Select(t => t.Data);
    }

    [Fact]
    public void What_the_runtime_refuses_is_a_diagnostic() =>
        Assert.StartsWith("error CML0750: ONNX Runtime refused the network: ",
            Error(() => new FloatSession([1, 2, 3], ["x"], ["y"], FloatOptions.Calibration).Dispose()), StringComparison.Ordinal);

    [Fact]
    public void What_fails_while_it_runs_is_a_diagnostic()
    {
        var model = OnnxExporter.Export(AddOneTwice(out _, out _, out _));
        using var session = new FloatSession(model.Bytes, model.Inputs, model.Outputs, FloatOptions.Calibration);
        Assert.StartsWith("error CML0751: ONNX Runtime failed to run the network: ",
            Error(() => session.Run([Tensor.Vector(1f, 2f, 3f)])), StringComparison.Ordinal);
    }

    private static Graph AddOneTwice(out Value data, out Value one, out Value once)
    {
        var build = new GraphBuilder("add_one_twice", Level.Float);
        data = build.Input("data", TensorType.Float(2));
        one = build.Constant("one", Tensor.Vector(1f));
        once = build.Op(NnBinary.Add, [data, one]);
        build.Output(build.Op(NnBinary.Add, [once, one]));
        return build.Build();
    }

    private static string Error(Action action) => Assert.Throws<DiagnosticException>(action).Message;
}
