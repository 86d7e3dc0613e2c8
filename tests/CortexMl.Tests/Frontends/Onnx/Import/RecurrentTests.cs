using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Unrolled recurrent layers against ONNX Runtime on the file: four steps, two samples, three inputs, five states.</summary>
public class RecurrentTests
{
    private const int Steps = 4, Batch = 2, Inputs = 3, Hidden = 5;

    private const string States = "x w r b _ h0 c0";

    public static TheoryData<string, string, string> Layers
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (string op in new[] { "LSTM", "GRU", "RNN" })
                foreach (string direction in new[] { "forward", "reverse", "bidirectional" })
                    foreach (string inputs in new[] { "x w r", "x w r b", op == "LSTM" ? States : "x w r b _ h0" })
                        data.Add(op, direction, inputs);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Layers))]
    public void All_outputs_of_all_forms(string op, string direction, string inputs) =>
        Agrees(Layer(op, direction, inputs, op == "LSTM" ? "y h c" : "y h"));

    [Theory]
    [InlineData("forward")]
    [InlineData("bidirectional")]
    public void A_reset_gate_behind_the_product(string direction)
    {
        Agrees(Layer("GRU", direction, "x w r b _ h0", "y h", Int("linear_before_reset", 1)));
        Agrees(Layer("GRU", direction, "x w r b", "y h", Int("linear_before_reset", 1)));
    }

    [Theory]
    [InlineData("LSTM", "", "", "c")]
    [InlineData("LSTM", "", "h", "")]
    [InlineData("GRU", "y", "", "")]
    public void Outputs_that_nobody_wants(string op, string y, string h, string c)
    {
        var model = Layer(op, "bidirectional", "x w r b", "y h");
        var node = model.Graph.Node[0];
        node.Output.Clear();
        node.Output.Add(op == "LSTM" ? [y, h, c] : [y, h]);
        model.Graph.Output.Clear();
        model.Graph.Output.Add(node.Output.Where(o => o.Length > 0).Select(o => Info(o, [])));
        Agrees(model);
    }

    [Theory]
    [InlineData("LSTM", "Sigmoid Relu Softsign")]
    [InlineData("GRU", "sigmoid relu")]
    [InlineData("RNN", "Relu")]
    public void Other_activations(string op, string names) => Agrees(Layer(op, "forward", "x w r b", "y h", Texts("activations", names)));

    [Fact]
    public void Activations_of_two_directions() =>
        Agrees(Layer("RNN", "bidirectional", "x w r b", "y h", Texts("activations", "Relu Tanh")));

    [Fact]
    public void Sums_are_clipped() => Agrees(Layer("RNN", "forward", "x w r b", "y h", Number("clip", 0.25f)));

    [Fact]
    public void Lengths_that_are_all_of_the_sequence()
    {
        Agrees(Layer("GRU", "reverse", "x w r b n", "y h").With(Raw("n", TensorProto.Types.DataType.Int32, [2], [4, 0, 0, 0, 4, 0, 0, 0])));
    }

    // ONNX Runtime that we have refuses layout = 1.
    [Fact]
    public void Batches_first()
    {
        var model = Layer("LSTM", "bidirectional", "x w r b", "y h c", Int("layout", 1));
        model.Graph.Input[0] = Info("x", [Batch, Steps, Inputs]);
        var graph = model.Import();
        Assert.Equal([Shape.Of(Batch, Steps, 2, Hidden), Shape.Of(Batch, 2, Hidden), Shape.Of(Batch, 2, Hidden)],
            graph.Outputs.Select(o => o.Type.Shape));
    }

    [Fact]
    public void What_is_not_unrolled_says_why()
    {
        Refused("it has peepholes (input 7)", Layer("LSTM", "forward", "x w r b _ _ _ p", "y"));
        Refused("samples are shorter than 4 steps", Layer("GRU", "forward", "x w r b n", "y")
            .With(Raw("n", TensorProto.Types.DataType.Int32, [2], [4, 0, 0, 0, 3, 0, 0, 0])));
        Refused("activations = ", Layer("RNN", "forward", "x w r b", "y", Texts("activations", "Affine")));
        Refused("the weights [1, 20, 3] where [2, 20, 3] is needed",
            Layer("LSTM", "forward", "x w r b", "y", Text("direction", "bidirectional")));
        Refused("the recurrence weights depends on the network's input", Layer("RNN", "forward", "x w x b", "y"));
    }

    [Fact]
    public void Many_steps_are_told()
    {
        var notes = new DiagnosticBag();
        var model = Layer("RNN", "forward", "x w r", "y");
        model.Graph.Input[0] = Info("x", [65, 1, Inputs]);
        model.Import(notes: notes);
        Assert.Contains("65 steps are unrolled", Assert.Single(notes.Items).Message, StringComparison.Ordinal);
        model.Graph.Input[0] = Info("x", [5000, 1, Inputs]);
        Refused("it has 5000 steps", model);
    }

    private static void Refused(string message, ModelProto model)
    {
        var error = Assert.Single(Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static ModelProto Layer(string op, string direction, string inputs, string outputs, params AttributeProto[] attributes)
    {
        int gates = op == "LSTM" ? 4 : op == "GRU" ? 3 : 1, directions = direction == "bidirectional" ? 2 : 1;
        var node = Node(op, inputs, outputs, [.. attributes, Int("hidden_size", Hidden)]);
        if (attributes.All(a => a.Name != "direction")) node.Attribute.Add(Text("direction", direction));
        for (int i = 0; i < node.Input.Count; i++)
            if (node.Input[i] == "_") node.Input[i] = "";
        var model = Model(14, [Steps, Batch, Inputs], node).With(
            Numbers("w", 1, directions, gates * Hidden, Inputs), Numbers("r", 2, directions, gates * Hidden, Hidden),
            Numbers("b", 3, directions, 2 * gates * Hidden), Numbers("p", 4, directions, 3 * Hidden));
        model.Graph.Output.Clear();
        model.Graph.Output.Add(outputs.Split(' ').Select(o => Info(o, [])));
        model.Graph.Input.Add(
            new[] { "h0", "c0" }.Where(node.Input.Contains).Select(name => Info(name, [directions, Batch, Hidden])));
        return model;
    }

    private static void Agrees(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder["model.onnx"], graph, Original.Signed(graph, 3));
    }

    /// <summary>From -1 to 1, other ones for each seed.</summary>
    private static TensorProto Numbers(string name, int seed, params long[] dims)
    {
        var random = new Random(seed);
        int count = (int)dims.Aggregate(1L, (a, b) => a * b);
        return Floats(name, dims, [.. Enumerable.Range(0, count).Select(_ => 2 * random.NextSingle() - 1)]);
    }

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };

    private static AttributeProto Number(string name, float value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.Float, F = value };

    private static AttributeProto Texts(string name, string values)
    {
        var attribute = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.Add(values.Split(' ').Select(ByteString.CopyFromUtf8));
        return attribute;
    }
}
