using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Graphs within a model: branches that are chosen at import, and functions of the model's own.</summary>
public class BodyTests
{
    // The condition is whether x has three axes.
    private static NodeProto[] Condition =>
    [
        Node("Shape", "x", "shape"), Node("Shape", "shape", "rank"), Node("Equal", "rank three", "is3d"),
        Node("Squeeze", "is3d", "condition"),
    ];

    [Theory]
    [InlineData(new long[] { 1, 2, 3 }, "nn.relu")]
    [InlineData(new long[] { 2, 3 }, "nn.sigmoid")]
    public void The_branch_that_shapes_choose_is_all_that_is_left(long[] dims, string row)
    {
        var model = Model(13, dims, [.. Condition, If(Body("y1", Node("Relu", "x", "y1")), Body("y2", Node("Sigmoid", "x", "y2")))])
            .With(Longs("three", 3));
        var graph = Agrees(model);
        Assert.Equal([row], graph.Operations.Where(o => o.Constant is null).Select(o => o.Spec.Name));
    }

    [Fact]
    public void A_branch_reads_what_is_around_it_and_has_constants_of_its_own()
    {
        var taken = Body("sum", Node("Add", "twice two", "sum"));
        taken.Initializer.Add(Floats("two", [1], 2));
        var model = Model(13, [1, 2, 3], [.. Condition, Node("Add", "x x", "twice"), If(taken, Same())]).With(Longs("three", 3));
        Assert.Equal([NnBinary.Add, NnBinary.Add], Agrees(model).Operations.Where(o => o.Constant is null).Select(o => o.Spec));
    }

    // ONNX forbids it, files have it: 'two' is a constant in the branch, and a product outside.
    [Fact]
    public void Names_of_a_branch_are_none_outside()
    {
        var taken = Body("sum", Node("Add", "x two", "sum"));
        taken.Initializer.Add(Floats("two", [1], 2));
        var choice = If(taken, Body("x"));
        choice.Output[0] = "branch";
        var model = Model(13, [1, 2, 3], [.. Condition, Node("Mul", "x x", "two"), choice, Node("Mul", "branch two", "y")])
            .With(Longs("three", 3));
        var graph = model.Import();
        Assert.Equal(NnBinary.Mul, graph.Outputs[0].Producer!.Operands[1].Producer!.Spec);
        Assert.Equal(NnBinary.Add, graph.Outputs[0].Producer!.Operands[0].Producer!.Spec);
    }

    [Fact]
    public void Branches_within_branches()
    {
        var inner = Node("If", "condition", "deep");
        inner.Attribute.Add(Branch("then_branch", Body("a", Node("Relu", "x", "a"))));
        inner.Attribute.Add(Branch("else_branch", Body("b", Node("Neg", "x", "b"))));
        var model = Model(13, [1, 2, 3], [.. Condition, If(Body("deep", inner), Same())]).With(Longs("three", 3));
        Assert.Equal([NnUnary.Relu], Agrees(model).Operations.Where(o => o.Constant is null).Select(o => o.Spec));
    }

    /// <summary>What would be computed by the other branch harms nobody: both are, and one is chosen.</summary>
    [Theory]
    [InlineData(new long[] { 2, 3 })]
    [InlineData(new long[] { 1, 2, 3, 1 })]
    public void Where_data_choose_both_branches_are_computed(long[] dims)
    {
        var graph = Agrees(Model(13, dims, [.. DataCondition, If(Body("a", Node("Relu", "x", "a")), Body("b", Node("Neg", "x", "b")))])
            .With(Floats("half", [1], 0.1f)));
        Assert.Equal(NnLookup.Where, graph.Outputs[0].Producer!.Spec);
        Assert.Equal(NnUnary.Relu, graph.Outputs[0].Producer!.Operands[1].Producer!.Spec);
    }

    [Fact]
    public void A_branch_may_be_what_is_outside_or_a_constant()
    {
        var other = Body("zeros");
        other.Initializer.Add(Floats("zeros", [2, 3], 0, 0, 0, 1, 1, 1));
        Agrees(Model(13, [2, 3], [.. DataCondition, If(Same(), other)]).With(Floats("half", [1], 0.1f)));
    }

    [Fact]
    public void Branches_of_several_shapes_that_data_choose_are_refused()
    {
        var error = Fails(Model(13, [2, 3], [.. DataCondition, If(Same(), Body("s", Node("Transpose", "x", "s")))])
            .With(Floats("half", [1], 0.1f)));
        Assert.StartsWith("If 'y': the condition depends on the network's input, and 'y' is F32 [2, 3] or F32 [3, 2]",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_condition_of_several_truths_is_refused()
    {
        var model = Model(13, [2, 3], [Node("Greater", "x half", "condition"), If(Same(), Same())]).With(Floats("half", [1], 0.1f));
        Assert.StartsWith("If 'y': the condition [2, 3] is not one truth", Fails(model).Message, StringComparison.Ordinal);
    }

    // The condition is whether the largest number is above a half.
    private static NodeProto[] DataCondition => [Node("ReduceMax", "x", "most"), Node("Greater", "most half", "truth"), Squeezed];

    private static NodeProto Squeezed => Node("Squeeze", "truth", "condition");

    [Fact]
    public void What_is_wrong_in_a_branch_is_told_once_and_by_its_name()
    {
        var model = Model(13, [1, 2, 3], [.. Condition, If(Body("a", Node("Frobnicate", "x", "a")), Body("x")), Node("Relu", "y", "z")])
            .With(Longs("three", 3));
        var error = Fails(model);
        Assert.Equal(FrontendCodes.UnsupportedOperators, error.Code);
        Assert.StartsWith("Frobnicate 'a': it is not in the table", error.Message, StringComparison.Ordinal);
    }

    // silu(a) = a · sigmoid(a); twice(a) = silu(silu(a))
    [Fact]
    public void Functions_stand_where_they_are_called()
    {
        var model = Model(17, [2, 3], Call("twice", "x", "mid"), Call("silu", "mid", "y"));
        model.Functions.Add(
        [
            Function("silu", "a", "c", Node("Sigmoid", "a", "b"), Node("Mul", "a b", "c")),
            Function("twice", "p", "r", Call("silu", "p", "q"), Call("silu", "q", "r")),
        ]);
        var graph = Agrees(model);
        Assert.Equal((3, 3), (graph.Operations.Count(o => o.Spec == NnUnary.Sigmoid), graph.Operations.Count(o => o.Spec == NnBinary.Mul)));
        Assert.Contains(graph.Operations, o => o.Result.Name == "mid/q/b");
    }

    [Fact]
    public void Attributes_come_from_the_call_or_from_the_function()
    {
        var inner = Node("LeakyRelu", "a", "b");
        inner.Attribute.Add(new AttributeProto { Name = "alpha", Type = AttributeProto.Types.AttributeType.Float, RefAttrName = "slope" });
        var function = Function("leaky", "a", "b", inner);
        function.AttributeProto.Add(Float("slope", 0.5f));
        var given = Call("leaky", "x", "mid");
        given.Attribute.Add(Float("slope", 0.25f));
        var model = Model(17, [2, 3], given, Call("leaky", "mid", "y"));
        model.Functions.Add(function);
        Assert.Equal([0.25, 0.5], model.Import().Operations.Select(o => o.Float("slope")));
    }

    [Fact]
    public void A_branch_calls_functions_and_functions_have_branches()
    {
        var inner = Node("If", "condition", "out");
        inner.Attribute.Add(Branch("then_branch", Body("a", Call("silu", "p", "a"))));
        inner.Attribute.Add(Branch("else_branch", Body("b", Node("Neg", "p", "b"))));
        var choose = Function("choose", "p", "out", inner);
        choose.Input.Add("condition");
        var model = Model(13, [1, 2, 3], [.. Condition, If(Body("taken", Call("choose", "x condition", "taken")), Same())])
            .With(Longs("three", 3));
        model.Functions.Add([choose, Function("silu", "a", "c", Node("Sigmoid", "a", "b"), Node("Mul", "a b", "c"))]);
        foreach (var function in model.Functions) function.OpsetImport[0].Version = 13;
        Assert.Equal([NnUnary.Sigmoid, NnBinary.Mul], Agrees(model).Operations.Where(o => o.Constant is null).Select(o => o.Spec));
    }

    [Fact]
    public void Long_names_of_functions_in_functions_are_bounded()
    {
        string name = new('n', 1 << 20);
        var model = Model(17, [1], Call("f0", "x", "y"));
        for (int i = 0; i < 6; i++)
            model.Functions.Add(Function($"f{i}", "a", "c", Call($"f{i + 1}", "a", name), Call($"f{i + 1}", name, "c")));
        model.Functions.Add(Function("f6", "a", "b", Node("Relu", "a", "b")));
        Assert.Equal("with its functions in place the model's names and attributes grow beyond 128 MB", Fails(model).Message);
    }

    [Fact]
    public void Functions_that_do_not_end_or_fit_are_refused()
    {
        var endless = Model(17, [1], Call("loop", "x", "y"));
        endless.Functions.Add(Function("loop", "a", "b", Call("loop", "a", "b")));
        Assert.Equal("function 'loop' calls itself, or functions more than 64 deep", Fails(endless).Message);

        var old = Model(17, [1], Call("old", "x", "y"));
        old.Functions.Add(Function("old", "a", "b", Node("Relu", "a", "b")));
        old.Functions[0].OpsetImport[0].Version = 9;
        var error = Fails(old);
        Assert.Equal((OnnxCodes.Opset, "function 'old' is of opset 9, the model of 17"), (error.Code, error.Message));
    }

    // 2^18 nodes of 19 functions
    [Fact]
    public void Functions_that_double_each_other_are_bounded()
    {
        var model = Model(17, [1], Call("f0", "x", "y"));
        for (int i = 0; i < 18; i++)
            model.Functions.Add(Function($"f{i}", "a", "c", Call($"f{i + 1}", "a", "b"), Call($"f{i + 1}", "b", "c")));
        model.Functions.Add(Function("f18", "a", "b", Node("Relu", "a", "b")));
        Assert.Equal("with its functions in place the model has more than 200,000 nodes", Fails(model).Message);
    }

    // 128 copies of more than a megabyte
    [Fact]
    public void Attributes_that_are_copied_are_bounded()
    {
        var big = new AttributeProto { Name = "big", Type = AttributeProto.Types.AttributeType.Floats };
        big.Floats.Add(new float[300_000]);
        var inner = Node("LeakyRelu", "a", "b");
        inner.Attribute.Add(new AttributeProto { Name = "alpha", Type = AttributeProto.Types.AttributeType.Floats, RefAttrName = "big" });
        var model = Model(17, [1], Call("f0", "x", "y"));
        for (int i = 0; i < 7; i++)
            model.Functions.Add(Function($"f{i}", "a", "c", Call($"f{i + 1}", "a", "b"), Call($"f{i + 1}", "b", "c")));
        model.Functions.Add(Function("f7", "a", "b", inner));
        model.Functions[^1].AttributeProto.Add(big);
        Assert.Equal("with its functions in place the model's names and attributes grow beyond 128 MB", Fails(model).Message);
    }

    private static Diagnostic Fails(ModelProto model) =>
        Assert.Single(Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics);

    private static Graph Agrees(ModelProto model)
    {
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "my", Version = 1 });
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder["model.onnx"], graph, Original.Random(graph, 3));
        return graph;
    }

    private static NodeProto If(GraphProto then, GraphProto otherwise)
    {
        var node = Node("If", "condition", "y");
        node.Attribute.Add([Branch("then_branch", then), Branch("else_branch", otherwise)]);
        return node;
    }

    private static AttributeProto Branch(string name, GraphProto body) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = body };

    private static GraphProto Same() => Body("same", Node("Identity", "x", "same"));

    private static GraphProto Body(string output, params NodeProto[] nodes)
    {
        var body = new GraphProto { Name = "body" };
        body.Node.Add(nodes);
        body.Output.Add(new ValueInfoProto { Name = output });
        return body;
    }

    private static NodeProto Call(string function, string inputs, string output)
    {
        var node = Node(function, inputs, output);
        node.Domain = "my";
        return node;
    }

    private static FunctionProto Function(string name, string input, string output, params NodeProto[] nodes)
    {
        var function = new FunctionProto { Name = name, Domain = "my" };
        function.Input.Add(input);
        function.Output.Add(output);
        function.Node.Add(nodes);
        function.OpsetImport.Add([new OperatorSetIdProto { Version = 17 }, new OperatorSetIdProto { Domain = "my", Version = 1 }]);
        return function;
    }

    private static AttributeProto Float(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };
}
