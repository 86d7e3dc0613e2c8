using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Loops whose number of rounds is known stand round for round in the graph.</summary>
public class LoopTests
{
    private static Graph Agrees(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder.Write("model.onnx", model.ToByteArray()), graph, Original.Signed(graph, 3));
        return graph;
    }

    private static string Refused(ModelProto model) =>
        Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics[0].Message;

    private static int Count(Graph graph, OpSpec row) => graph.Operations.Count(o => o.Spec == row);

    /// <summary>state = state · w + x, collected as it is; it goes on while <paramref name="goesOn"/> says so.</summary>
    private static GraphProto Body(params NodeProto[] goesOn)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add([Info("round", [], DataType.Int64), Info("on", [], DataType.Bool), Info("state", [2, 3])]);
        body.Node.Add(goesOn);
        body.Node.Add([Node("Mul", "state w", "scaled"), Node("Add", "scaled x", "next"), Node("Identity", "next", "seen")]);
        body.Initializer.Add(Floats("w", [3], 0.5f, -0.5f, 2));
        body.Output.Add([Info("more", [], DataType.Bool), Info("next", [2, 3]), Info("seen", [2, 3])]);
        return body;
    }

    private static ModelProto Loop(GraphProto body, string inputs = "rounds yes start", long rounds = 3)
    {
        var loop = Node("Loop", inputs, "end y");
        if (inputs.Length == 0) loop.Input.Add(["", "", "start"]);
        loop.Attribute.Add(Graph("body", body));
        var model = Model(13, [2, 3], loop)
            .With(Longs("rounds", rounds), Raw("yes", DataType.Bool, [1], [1]), Floats("start", [2, 3], 1, 2, 3, 4, 5, 6), Longs("two", 2));
        foreach (var scalar in model.Graph.Initializer.Where(i => i.Name is "rounds" or "yes" or "two")) scalar.Dims.Clear();
        return model;
    }

    private static AttributeProto Graph(string name, GraphProto body) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Graph, G = body };

    [Fact]
    public void A_round_for_each()
    {
        var graph = Agrees(Loop(Body(Node("Identity", "on", "more"))));
        // What the first round makes of constants is one.
        Assert.Equal((2, 3, 1), (Count(graph, NnBinary.Mul), Count(graph, NnBinary.Add), Count(graph, NnShape.Concat)));
        Assert.Single(graph.Operations, o => o.Constant is not null && o.Result.Name == "w");
    }

    // It goes on while the round is below 2: three rounds.
    [Fact]
    public void Until_the_condition_says_no() =>
        Assert.Equal(3, Count(Agrees(Loop(Body(Node("Less", "round two", "more")), rounds: 100)), NnBinary.Add));

    [Fact]
    public void What_only_numbers_of_rounds_decide_is_known()
    {
        var body = Body(Node("Identity", "on", "more"));
        body.Node[^1] = Node("Cast", "round", "number", Int("to", 1));
        body.Output[2] = Info("number", []);
        var model = Loop(body);
        model.Graph.Node[0].Output[1] = "numbers";
        model.Graph.Node.Add(Node("Mul", "end numbers", "y"));
        Assert.Equal(3, Count(Agrees(model), NnBinary.Mul));
    }

    [Fact]
    public void A_condition_that_depends_on_data_is_refused()
    {
        var model = Loop(Body(Node("ReduceMax", "state", "most", Int("keepdims", 0)), Node("Less", "most limit", "more")))
            .With(Floats("limit", [], 7));
        Assert.StartsWith("Loop 'end y': whether it goes on depends on the network's input", Refused(model), StringComparison.Ordinal);
    }

    [Fact]
    public void Endless_loops_end()
    {
        string message = Refused(Loop(Body(Node("Identity", "on", "more")), inputs: ""));
        Assert.StartsWith("Loop 'end y': it has more than 4096 rounds", message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_round_collects_nothing() =>
        Assert.StartsWith("Loop 'end y': it does no round", Refused(Loop(Body(Node("Identity", "on", "more")), rounds: 0)),
            StringComparison.Ordinal);

    [Fact]
    public void Loops_in_loops_are_bounded_together()
    {
        var inner = Node("Loop", "many on state", "deep all");
        inner.Attribute.Add(Graph("body", Body(Node("Identity", "on", "more"))));
        var body = Body(Node("Identity", "on", "more"), inner);
        body.Output[1] = Info("deep", [2, 3]);
        var model = Loop(body, rounds: 4000).With(Longs("many", 4000));
        Assert.Contains("bodies put in place make more than 50000 nodes", Refused(model), StringComparison.Ordinal);
    }

    // Sums along an axis, backwards, with the states in reversed order; the weight is what is scanned too, and known.
    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(1, 1, 1)]
    [InlineData(1, 0, -1)]
    public void Scanned_axes(long axis, long backwards, long outputAxis)
    {
        var body = new GraphProto { Name = "body" };
        body.Input.Add([Info("sum", [3]), Info("item", [3]), Info("factor", [])]);
        body.Node.Add([Node("Mul", "item factor", "part"), Node("Add", "sum part", "next"), Node("Identity", "next", "seen")]);
        body.Output.Add([Info("next", [3]), Info("seen", [3])]);
        var scan = Node("Scan", "start x factors", "end y", Int("num_scan_inputs", 2), Ints("scan_input_axes", axis, 0),
            Ints("scan_input_directions", backwards, 0), Ints("scan_output_axes", outputAxis), Ints("scan_output_directions", backwards));
        scan.Attribute.Add(Graph("body", body));
        var graph = Agrees(Model(13, axis == 0 ? [4, 3] : [3, 4], scan)
            .With(Floats("start", [3], 1, 2, 3), Floats("factors", [4], 1, 2, 3, 4)));
        Assert.Equal(4, Count(graph, NnShape.Slice));
    }
}
