using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

public class InterpreterTests
{
    // sum = x + w; relu = max(sum, 0)
    private static (Graph Graph, Value X, Value W, Value Sum, Value Relu) AddThenRelu(params int[] constant)
    {
        var build = new GraphBuilder("small", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(constant.Length)));
        var w = build.Constant("w", Tensor.Vector(constant), 8);
        var sum = build.Op(CvmBinary.ElemwiseAdd, [x, w], name: "sum");
        var relu = build.Op(CvmUnary.Relu, [sum]);
        build.Output(relu);
        build.Output(sum);
        return (build.Build(), x, w, sum, relu);
    }

    [Fact]
    public void Outputs_come_in_the_graphs_order()
    {
        using var executable = new InterpreterEngine().Prepare(AddThenRelu(1, -5).Graph);
        var results = executable.Run([Tensor.Vector(2, 3)]);
        Assert.Equal([3, 0], results[0].Data);
        Assert.Equal([3, -2], results[1].Data);
    }

    [Fact]
    public void Observer_sees_inputs_and_results_in_order()
    {
        var seen = new List<string>();
        var options =
            new InterpreterOptions { Observe = (value, tensor) => seen.Add($"{value.Name ?? "-"} {string.Join(' ', tensor.Data)}") };
        using var executable = new InterpreterEngine(options).Prepare(AddThenRelu(1, -5).Graph);
        executable.Run([Tensor.Vector(2, 3)]);
        Assert.Equal(["x 2 3", "sum 3 -2", "- 3 0"], seen);
    }

    [Fact]
    public void Values_in_one_slot_overwrite_each_other()
    {
        var (graph, x, w, sum, relu) = AddThenRelu(1, -5);
        var plan = new StoragePlan(new Dictionary<Value, int> { [x] = 0, [w] = 1, [sum] = 2, [relu] = 2 }, [2, 2, 3]);
        using var executable = new InterpreterEngine().Prepare(graph, plan);
        Assert.Equal([3, 0], executable.Run([Tensor.Vector(2, 3)])[1].Data);
    }

    [Fact]
    public void Constant_that_an_operator_overwrites_stays_so_in_later_runs()
    {
        var (graph, x, w, sum, relu) = AddThenRelu(1, 1);
        var plan = new StoragePlan(new Dictionary<Value, int> { [x] = 0, [w] = 1, [sum] = 1, [relu] = 2 }, [2, 2, 2]);
        using var executable = new InterpreterEngine().Prepare(graph, plan);
        Assert.Equal([11, 11], executable.Run([Tensor.Vector(10, 10)])[0].Data);
        Assert.Equal([21, 21], executable.Run([Tensor.Vector(10, 10)])[0].Data);
        Assert.Equal([1, 1], w.Constant!.Integers.ToArray());
    }

    [Fact]
    public void Trap_names_the_operation_and_counts_its_wraps()
    {
        using var executable = new InterpreterEngine(new InterpreterOptions { TrapOverflow = true }).Prepare(AddThenRelu(1, 1, 1).Graph);
        Assert.Equal([3, 3, 3], executable.Run([Tensor.Vector(2, 2, 2)])[0].Data);
        var error = Assert.Throws<DiagnosticException>(() => executable.Run([Tensor.Vector(int.MaxValue, 2, int.MaxValue)]));
        Assert.Equal("error CML0704: %sum = cvm.elemwise_add: 2 results do not fit 32 bits", Assert.Single(error.Diagnostics).ToString());
    }

    [Fact]
    public void Inputs_of_another_count_or_shape_are_refused()
    {
        using var executable = new InterpreterEngine().Prepare(AddThenRelu(1, 1).Graph);
        Assert.Equal(
            "error CML0702: 0 inputs given, the graph takes 1", Assert.Throws<DiagnosticException>(() => executable.Run([])).Message);
        Assert.Equal(
            "error CML0702: input 'x' has shape [3], the graph takes [2]",
            Assert.Throws<DiagnosticException>(() => executable.Run([Tensor.Vector(1, 2, 3)])).Message);
    }

    [Fact]
    public void Graph_of_the_float_level_is_refused()
    {
        var build = new GraphBuilder("float", Level.Float);
        build.Output(build.Op(NnUnary.Relu, [build.Input("x", TensorType.Float(2))]));
        var error = Assert.Throws<DiagnosticException>(() => new InterpreterEngine().Prepare(build.Build()));
        Assert.Equal([EngineCodes.UnsupportedOperator, EngineCodes.UnsupportedOperator], error.Diagnostics.Select(d => d.Code));
        Assert.Contains("no nn.relu, used 1 time", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_is_refused_before_it_is_allocated()
    {
        var build = new GraphBuilder("large", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(1, 1)));
        build.Output(build.Op(CvmShape.Tile, [x], Attributes.Of(("reps", (int[])[4096, 4096]))));
        var engine = new InterpreterEngine(new InterpreterOptions { MaxBytes = 1 << 20 });
        Assert.Equal(EngineCodes.TooMuchMemory,
            Assert.Single(Assert.Throws<DiagnosticException>(() => engine.Prepare(build.Build())).Diagnostics).Code);
    }

    [Fact]
    public void Plan_without_room_is_refused()
    {
        var (graph, x, w, sum, relu) = AddThenRelu(1, 1);
        var plan = new StoragePlan(new Dictionary<Value, int> { [x] = 0, [w] = 1, [sum] = 7 }, [1, 2]);
        var error = Assert.Throws<DiagnosticException>(() => new InterpreterEngine().Prepare(graph, plan));
        Assert.Equal(3, error.Diagnostics.Count);
        Assert.All(error.Diagnostics, d => Assert.Equal(EngineCodes.StoragePlan, d.Code));
    }
}
