using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

public class ImporterTests
{
    private static readonly byte[] Cyclic = Bytes("""
        {"nodes": [
          {"op": "null", "name": "data", "inputs": []},
          {"op": "null", "name": "conv0_weight", "inputs": []},
          {"op": "Convolution", "name": "conv0", "attrs": {"kernel": "(3, 3)", "num_filter": "2", "no_bias": "True"}, "inputs": [[0, 0], [1, 0]]},
          {"op": "BatchNorm", "name": "bn0", "attrs": {"eps": "1e-05"}, "inputs": [[2, 0], [4, 0], [5, 0]]},
          {"op": "null", "name": "bn0_gamma", "inputs": []}
        ], "heads": [[3, 0]]}
        """);

    private static byte[] Net(string fcInputs = "[[2, 0], [3, 0], [4, 0]]") => Bytes($$"""
        {"nodes": [
          {"op": "null", "name": "data", "inputs": []},
          {"op": "null", "name": "conv0_weight", "inputs": []},
          {"op": "Convolution", "name": "conv0", "attrs": {"kernel": "(3, 3)", "num_filter": "2", "no_bias": "True"}, "inputs": [[0, 0], [1, 0]]},
          {"op": "null", "name": "fc1_weight", "inputs": []},
          {"op": "null", "name": "fc1_bias", "inputs": []},
          {"op": "FullyConnected", "name": "fc1", "attrs": {"num_hidden": "3"}, "inputs": {{fcInputs}}},
          {"op": "null", "name": "softmax_label", "inputs": []},
          {"op": "SoftmaxOutput", "name": "softmax", "inputs": [[5, 0], [6, 0]]}
        ], "heads": [[7, 0], [5, 0]]}
        """);

    private static ParamsBytes Params() =>
        new ParamsBytes().Add("arg:conv0_weight", [2, 1, 3, 3], new float[18]).Add("arg:fc1_weight", [3, 128], new float[384])
            .Add("arg:fc1_bias", [3], 1, 2, 3);

    [Fact]
    public void A_network_becomes_a_float_graph_with_the_names_of_its_nodes()
    {
        var graph = Import(Net(), Params().Build(), ("data", [1, 1, 10, 10]));
        Assert.Equal("""
            graph @x(%data: f32[1, 1, 10, 10]) -> f32[1, 3], f32[1, 3] {
              @conv0_weight: f32[2, 1, 3, 3] = file("x.params", "conv0_weight")
              %conv0 = nn.conv2d(%data, @conv0_weight) {kernel = [3, 3]} : f32[1, 2, 8, 8]
              %fc1.flatten = nn.flatten(%conv0) : f32[1, 128]
              @fc1_weight: f32[3, 128] = file("x.params", "fc1_weight")
              @fc1_bias: f32[3] = file("x.params", "fc1_bias")
              %fc1 = nn.dense(%fc1.flatten, @fc1_weight, @fc1_bias) : f32[1, 3]
              %softmax = nn.softmax(%fc1) : f32[1, 3]
              return %softmax, %fc1
            }

            """.ReplaceLineEndings("\n"), TextPrinter.Print(graph));
    }

    [Fact]
    public void Weights_that_do_not_fit_the_input_are_located_and_the_right_input_size_is_found()
    {
        var found = Assert.Single(Fails(() => Import(Net(), new ParamsBytes().Add("conv0_weight", [2, 1, 3, 3], new float[18])
            .Add("fc1_weight", [3, 1800], new float[5400]).Add("fc1_bias", [3], 1, 2, 3).Build(), ("data", [1, 1, 28, 28]))));
        Assert.Equal("""
            error CML0207: FullyConnected 'fc1': weight [3, 1800] does not fit data of 1352 columns (input 'conv0' [1, 2, 26, 26])
              --> x-symbol.json:7:3, node 'fc1'
              help: the model was trained with another input size; pass --input data=1,1,32,32
            """.ReplaceLineEndings("\n"), found.ToString());
    }

    [Fact]
    public void All_missing_parameters_stand_in_one_message()
    {
        var found = Assert.Single(Fails(() =>
            Import(Net(), new ParamsBytes().Add("arg:conv0_weight", [2, 1, 3, 3], new float[18]).Build(), ("data", [1, 1, 10, 10]))));
        Assert.Equal(FrontendCodes.MissingParameters, found.Code);
        Assert.Equal("x.params lacks 2 parameters: fc1_weight, fc1_bias", found.Message);
    }

    [Fact]
    public void Without_a_parameter_file_the_message_says_how_to_give_one()
    {
        var found = Assert.Single(Fails(() => Import(Net(), null, ("data", [1, 1, 10, 10]))));
        Assert.Equal("the model needs 3 parameters and no parameter file is given: conv0_weight, fc1_weight, fc1_bias", found.Message);
        Assert.Equal("pass --params FILE, or --random-params SEED to try the model out", found.Hint);
    }

    [Fact]
    public void Parameters_saved_under_block_names_are_explained()
    {
        var found = Assert.Single(Fails(() => Import(Net(), new ParamsBytes().Add("0.weight", [1], 1).Build(), ("data", [1, 1, 10, 10]))));
        Assert.Equal(
            "none of its arrays ('0.weight', …) belongs to the symbol: save both together with export() or save_checkpoint()", found.Hint);
    }

    [Fact]
    public void Unused_arrays_are_a_note()
    {
        var notes = new DiagnosticBag();
        Import(Net(), Params().Add("arg:other", [1], 1).Build(), notes, ("data", [1, 1, 10, 10]));
        Assert.Equal("x.params holds arrays that the model does not use: other", Assert.Single(notes.Items).Message);
        Assert.False(notes.HasErrors);
    }

    [Fact]
    public void An_unknown_input_shape_is_asked_for_with_the_channels_that_are_known()
    {
        var found = Assert.Single(Fails(() => Import(Net(), Params().Build())));
        Assert.Equal("the shape of input 'data' is not known", found.Message);
        Assert.Equal("pass --input data=1,1,HEIGHT,WIDTH; all inputs: 'data'", found.Hint);
    }

    [Fact]
    public void A_shape_for_a_name_that_is_no_input_is_refused()
    {
        var found = Fails(() => Import(Net(), Params().Build(), ("data", [1, 1, 10, 10]), ("softmax_label", [1])));
        Assert.Equal("x-symbol.json has no input 'softmax_label'", Assert.Single(found).Message);
        Assert.Equal("its inputs: 'data'", found[0].Hint);
    }

    [Theory]
    [InlineData("(1, 1, 10, 10)")]
    [InlineData("(0, 1, 10, 10)")]
    public void An_inputs_own_shape_is_taken(string shape)
    {
        string text = System.Text.Encoding.UTF8.GetString(Net()).Replace("\"name\": \"data\",", $$"""
            "name": "data", "attrs": {"__shape__": "{{shape}}"},
            """);
        Assert.Equal(Shape.Of(1, 1, 10, 10), Import(Bytes(text), Params().Build()).Inputs[0].Type.Shape);
    }

    [Fact]
    public void Inputs_that_old_files_leave_out_have_the_names_that_MXNet_gives_them()
    {
        byte[] symbol = OneOperator("BatchNorm", "\"fix_gamma\": \"False\"", "g", "b");
        byte[] parameters = new ParamsBytes().Add("arg:g", [2], 1, 2).Add("arg:b", [2], 3, 4)
            .Add("aux:y_moving_mean", [2], 5, 6).Add("aux:y_moving_var", [2], 7, 8).Build();
        var graph = Import(symbol, parameters, ("data", [1, 2]));
        Assert.Equal([1f, 3f, 5f, 7f], graph.Constants.Select(c => c.Constant!.Floats[0]));
        Assert.Equal("x.params lacks 2 parameters: y_moving_mean, y_moving_var",
            Assert.Single(Fails(() =>
                Import(symbol, new ParamsBytes().Add("arg:g", [2], 1, 2).Add("arg:b", [2], 3, 4).Build(), ("data", [1, 2])))).Message);
    }

    [Fact]
    public void Edges_that_lead_forward_are_refused() =>
        Assert.Equal("node 3 takes output 0 of node 4; only nodes before it (0..2) are allowed",
            Assert.Single(Fails(() => Import(Cyclic, null))).Message);

    [Fact]
    public void Every_node_that_does_not_fit_is_reported()
    {
        var found = Fails(() => Import(Bytes("""
            {"nodes": [
              {"op": "null", "name": "data", "inputs": []},
              {"op": "transpose", "name": "t", "attrs": {"axes": "(0, 5)"}, "inputs": [[0, 0]]},
              {"op": "relu", "name": "r", "inputs": [[1, 0]]},
              {"op": "Activation", "name": "a", "attrs": {"act_type": "swish"}, "inputs": [[0, 0]]}
            ], "heads": [[2, 0], [3, 0]]}
            """), null, ("data", [2, 3])));
        Assert.Equal(["transpose 't': axis 5 is outside a tensor of rank 2 (input 'data' [2, 3])",
            "Activation 'a': act_type = swish is not supported (input 'data' [2, 3])"],
            found.Select(d => d.Message));
    }

    [Fact]
    public void Random_parameters_depend_on_seed_and_name_alone()
    {
        var symbol = SymbolReader.Read(Net(), "x-symbol.json");
        var notes = new DiagnosticBag();
        ImportOptions Seed(long seed) =>
            new() { RandomParamsSeed = seed, InputShapes = new Dictionary<string, Shape> { ["data"] = Shape.Of(1, 1, 10, 10) } };
        var one = MxNetImporter.Import(symbol, null, Seed(1), notes);
        Assert.Equal(TextPrinter.Print(one), TextPrinter.Print(MxNetImporter.Import(symbol, null, Seed(1))));
        Assert.NotEqual(TextPrinter.Print(one), TextPrinter.Print(MxNetImporter.Import(symbol, null, Seed(2))));
        Assert.Equal("3 parameters made up from seed 1: conv0_weight, fc1_weight, fc1_bias", Assert.Single(notes.Items).Message);
        var weight = one.Constants.First().Constant!;
        Assert.Equal(RandomTensor.Floats(Shape.Of(2, 1, 3, 3), ((ConstantOrigin.Random)weight.Origin!).Seed).Data, weight.Floats.ToArray());
    }

    [Fact]
    public void Constants_beyond_the_memory_limit_are_refused_before_they_are_made()
    {
        var shapes = new Dictionary<string, Shape> { ["data"] = Shape.Of(1, 1000000) };
        var options = new ImportOptions { RandomParamsSeed = 1, MaxMemory = 1 << 20, InputShapes = shapes };
        byte[] symbol = OneOperator("FullyConnected", "\"num_hidden\": \"2000000000\", \"no_bias\": \"True\"", "w");
        var found = Assert.Single(Fails(() => MxNetImporter.Import(SymbolReader.Read(symbol, "x"), null, options)));
        Assert.Equal(DiagnosticCodes.TooLarge, found.Code);
        Assert.Contains("parameter 'w' [2000000000, 1000000] exceeds the memory limit", found.Message);
    }

    [Fact]
    public void Thousands_of_nodes_with_one_name_are_told_apart_quickly()
    {
        const int Count = 20000;
        string chain = string.Concat(Enumerable.Range(0, Count).Select(i => $$""", {"op": "relu", "name": "a", "inputs": [[{{i}}, 0] ] } """));
        var graph = Import(Bytes($$"""{"nodes": [{"op": "null", "name": "data", "inputs": [] } {{chain}}], "heads": [[{{Count}}, 0] ] } """), null, ("data", [1, 2]));
        Assert.Equal(["a", "a.1", $"a.{Count - 1}"], new[] { 0, 1, Count - 1 }.Select(i => graph.Operations[i].Result.Name));
    }

    [Fact]
    public void Mutated_symbols_never_do_worse_than_a_diagnostic()
    {
        byte[] whole = Net();
        var file = MxNetParamsReader.Read(Params().Build(), "x.params");
        var shapes = new Dictionary<string, Shape> { ["data"] = Shape.Of(1, 1, 10, 10) };
        var options = new ImportOptions { RandomParamsSeed = 3, MaxMemory = 1 << 22, InputShapes = shapes };
        var random = new Random(1);
        string[] tokens =
            ["0", "-1", "99999999999", "\"\"", "[]", "{}", "null", "(0, 0)", "Pooling", "Reshape", "\"(-1,)\"", "Concat", "1e400"];
        for (int round = 0; round < 5000; round++)
        {
            var bytes = new List<byte>(whole);
            for (int i = random.Next(1, 4); i > 0; i--)
            {
                int at = random.Next(bytes.Count);
                if (random.Next(2) == 0) bytes[at] = (byte)random.Next(256);
                else if (random.Next(2) == 0) bytes.InsertRange(at, Bytes(tokens[random.Next(tokens.Length)]));
                else bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at));
            }
            try
            {
                Verifier.Check(MxNetImporter.Import(SymbolReader.Read([.. bytes], "x"), file, options)).ThrowIfErrors();
            }
            catch (DiagnosticException)
            {
            }
        }
    }
}
