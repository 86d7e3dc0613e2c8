using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

public class ImporterTests
{
    [Fact]
    public void An_unknown_batch_is_1_and_names_are_kept()
    {
        var graph = Model(17, [-1, 4], Node("Relu", "x", "y")).Import();
        Assert.Equal((Shape.Of(1, 4), "x"), (graph.Inputs[0].Type.Shape, graph.Inputs[0].Name));
        Assert.Equal("y", graph.Outputs[0].Name);
        Assert.Equal("model.onnx, node 'y'", graph.Outputs[0].Producer!.Location.ToString());
    }

    [Fact]
    public void Another_unknown_dimension_must_be_given()
    {
        var model = Model(17, [1, -1], Node("Relu", "x", "y"));
        var error = Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics.Single();
        Assert.Equal((FrontendCodes.InputShapeUnknown, "the shape of input 'x' is not known: [1, N]"), (error.Code, error.Message));
        var given = new ImportOptions { InputShapes = new Dictionary<string, Shape> { ["x"] = Shape.Of(1, 7) } };
        Assert.Equal(Shape.Of(1, 7), model.Import(given).Outputs[0].Type.Shape);
    }

    [Fact]
    public void Constants_among_the_inputs_of_old_files_are_no_inputs()
    {
        var model = Model(9, [1, 2], Node("Add", "x w", "y")).With(Floats("w", [2], 1, 2));
        model.Graph.Input.Add(Info("w", [2]));
        Assert.Equal("x", Assert.Single(model.Import().Inputs).Name);
    }

    [Fact]
    public void Shape_arithmetic_is_done_at_import()
    {
        var model = Model(13, [-1, 2, 6], Node("Shape", "x", "s"), Node("Gather", "s zero", "n"), Node("Unsqueeze", "n axes", "n1"),
            Node("Concat", "n1 rest", "to", Int("axis", 0)), Node("Reshape", "x to", "y"))
            .With(
                Longs("axes", 0), Longs("rest", -1), new TensorProto { Name = "zero", DataType = (int)DataType.Int64, Int64Data = { 0 } });
        var graph = model.Import();
        Assert.Equal(NnShape.Reshape, Assert.Single(graph.Operations).Spec);
        Assert.Equal(Shape.Of(1, 12), graph.Outputs[0].Type.Shape);
    }

    [Fact]
    public void All_encodings_of_constants_are_read()
    {
        float[] expected = [1.5f, -2];
        TensorProto[] encodings =
        [
            Floats("w", [2], expected), new() { DataType = (int)DataType.Float, FloatData = { expected } },
            new() { DataType = (int)DataType.Double, DoubleData = { 1.5, -2 } },
            Raw("w", DataType.Double, [2], BitConverter.GetBytes(1.5).Concat(BitConverter.GetBytes(-2.0)).ToArray()),
            Raw("w", DataType.Float16, [2], [0x00, 0x3e, 0x00, 0xc0]),
            new() { DataType = (int)DataType.Float16, Int32Data = { 0x3e00, 0xc000 } },
            Raw("w", DataType.Bfloat16, [2], [0xc0, 0x3f, 0x00, 0xc0]),
            new() { DataType = (int)DataType.Bfloat16, Int32Data = { 0x3fc0, 0xc000 } },
        ];
        foreach (var tensor in encodings)
        {
            tensor.Name = "w";
            if (tensor.Dims.Count == 0) tensor.Dims.Add(2);
            var graph = Model(17, [1, 2], Node("Add", "x w", "y")).With(tensor).Import();
            Assert.Equal(expected, graph.Constants.Single().Constant!.Floats.ToArray());
        }
    }

    // 1.01^101 is 2.73186, which the platforms' functions round in different ways.
    [Fact]
    public void Powers_of_constants_are_folded_without_the_platform()
    {
        var model = Model(13, [1, 3], Node("Pow", "a b", "p"), Node("Add", "x p", "y"))
            .With(Floats("a", [3], 3, 0.5f, -1.01f), Floats("b", [3], -0.5f, 2.5f, 101));
        Assert.Equal([0.57735026f, 0.17677669f, -2.7318594f], model.Import().Constants.Single().Constant!.Floats.ToArray());
    }

    // 3^39 = 4052555153018976267 has more digits than a double holds.
    [Fact]
    public void Powers_of_integers_are_exact()
    {
        var model = Model(13, [1, 4], Node("Pow", "a b", "p"), Node("Mod", "p m", "r"), Node("Cast", "r", "f", Int("to", 1)),
            Node("Add", "x f", "y")).With(Longs("a", 3, -1, 2, 7), Longs("b", 39, -3, -1, 3), Longs("m", 1000));
        Assert.Equal([267f, 999f, 0f, 343f], model.Import().Constants.Single().Constant!.Floats.ToArray());
        var error = Refused(Model(13, [1], Node("Pow", "a b", "p"), Node("Reshape", "x p", "y")).With(Longs("a", 0), Longs("b", -1)));
        Assert.Contains("integers are divided by zero", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Four_bit_constants_are_refused_by_name()
    {
        var error = Refused(Model(21, [1, 2], Node("Add", "x w", "y")).With(Raw("w", DataType.Int4, [2], [0x21])));
        Assert.Equal((OnnxCodes.ElementType, "tensor 'w' has element type INT4"), (error.Code, error.Message));
    }

    [Fact]
    public void External_data_are_read_from_beside_the_model_and_from_nowhere_else()
    {
        using var folder = new TemporaryFolder();
        folder.Write("data/w.bin", [0, 0, 0, 0, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40]);
        Assert.Equal([1f, 2f], External("data/w.bin", "4").Import(folder: folder).Constants.Single().Constant!.Floats.ToArray());
        Assert.Equal(OnnxCodes.TensorData, Refused(External("data/w.bin", "8"), folder).Code);
        foreach (string path in new[] { "../w.bin", "/etc/passwd", "data/../../w.bin", "C:\\w.bin", "" })
            Assert.Equal(OnnxCodes.ExternalPath, Refused(External(path, "0"), folder).Code);
        Assert.Equal(DiagnosticCodes.FileNotFound, Refused(External("none.bin", "0"), folder).Code);
    }

    [Fact]
    public void External_data_behind_a_link_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        elsewhere.Write("w.bin", new byte[8]);
        File.CreateSymbolicLink(Path.Combine(folder.Path, "file.bin"), Path.Combine(elsewhere.Path, "w.bin"));
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "data"), elsewhere.Path);
        foreach (string path in new[] { "file.bin", "data/w.bin" })
        {
            var error = Refused(External(path, "0"), folder);
            Assert.Equal((OnnxCodes.ExternalPath, $"tensor 'w' keeps its data in '{path}', which is or lies behind a link"),
                (error.Code, error.Message));
        }
    }

    [Theory]
    [InlineData("4", "-1", "has length '-1', which is no number")]
    [InlineData("99999999999999999999", "8", "has offset '99999999999999999999', which is no number")]
    [InlineData("9223372036854775807", "8", "[2] needs 8 bytes; the file names 8 at 9223372036854775807 of 'w.bin', which has 8")]
    [InlineData("0", "4", "[2] needs 8 bytes; the file names 4 at 0 of 'w.bin', which has 8")]
    public void External_data_that_lie_about_their_place(string offset, string length, string message)
    {
        using var folder = new TemporaryFolder();
        folder.Write("w.bin", new byte[8]);
        var model = External("w.bin", offset);
        model.Graph.Initializer[0].ExternalData.Add(new StringStringEntryProto { Key = "length", Value = length });
        var error = Refused(model, folder);
        Assert.Equal((OnnxCodes.TensorData, $"tensor 'w' {message}"), (error.Code, error.Message));
    }

    private static ModelProto External(string path, string offset)
    {
        var tensor = new TensorProto { Name = "w", DataType = (int)DataType.Float, DataLocation = DataLocation.External };
        tensor.Dims.Add(2);
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = path });
        tensor.ExternalData.Add(new StringStringEntryProto { Key = "offset", Value = offset });
        return Model(17, [1, 2], Node("Add", "x w", "y")).With(tensor);
    }

    [Fact]
    public void Sizes_that_lie_take_no_memory()
    {
        var error = Refused(Model(17, [1, 2], Node("Add", "x w", "y")).With(Floats("w", [int.MaxValue, int.MaxValue], 1)));
        Assert.Equal(DiagnosticCodes.TooLarge, error.Code);
        Assert.Equal(OnnxCodes.TensorData, Refused(Model(17, [1, 2], Node("Add", "x w", "y")).With(Floats("w", [3], 1))).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    [InlineData(-3)]
    public void Opsets_that_are_not_known_are_refused(int opset) =>
        Assert.Equal(OnnxCodes.Opset, Refused(Model(opset, [1, 2], Node("Relu", "x", "y"))).Code);

    [Fact]
    public void A_new_file_without_opset_is_refused()
    {
        var model = Model(17, [1, 2], Node("Relu", "x", "y"));
        model.OpsetImport.Clear();
        Assert.Equal((OnnxCodes.Opset, "the model names no opset for ONNX's own operators"), (Refused(model).Code, Refused(model).Message));
    }

    [Theory]
    [InlineData(8, "tensor 'w' has element type STRING")]
    [InlineData(14, "tensor 'w' has element type COMPLEX64")]
    [InlineData(77, "tensor 'w' has element type 77")]
    [InlineData(7, "Add 'y': input 0 is of type F32, input 1 'w' of type I64 (input 'x' [1, 1], 'w' [1])")]
    public void Constants_of_wrong_types_are_told_by_name(int type, string message) =>
        Assert.Equal(message, Refused(Model(17, [1, 1], Node("Add", "x w", "y")).With(Raw("w", (DataType)type, [1], new byte[8]))).Message);

    [Fact]
    public void Attributes_of_wrong_types_are_told_by_name() =>
        Assert.Equal("LeakyRelu 'y': attribute 'alpha' is Ints, expected Float (input 'x' [1, 2])",
            Refused(Model(17, [1, 2], Node("LeakyRelu", "x", "y", Ints("alpha", 1)))).Message);

    [Fact]
    public void Everything_that_is_not_supported_stands_in_one_message()
    {
        var model = Model(
            17, [1, 2], Node("MaxUnpool", "x", "a"), Node("Foo", "a", "b"), Node("RoiAlign", "b", "c"), Node("Foo", "c", "y"));
        model.Graph.Node[1].Domain = model.Graph.Node[3].Domain = "com.example";
        var error = Refused(model);
        Assert.Equal(FrontendCodes.UnsupportedOperators, error.Code);
        Assert.Equal("3 operators of opset 17 cannot be imported:", error.Message);
        Assert.StartsWith("  MaxUnpool: once, 'a': ", error.Details[0], StringComparison.Ordinal);
        Assert.Contains(error.Details,
            line => line.StartsWith("  com.example.Foo: 2 times, 'b', 'y': of domain 'com.example'", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_broken_node_is_reported_with_its_name()
    {
        var model = Model(17, [1, 3, 8, 8], Node("Resize", "x  s", "a"), Node("Conv", "x w", "b"), Node("Add", "a b", "y"))
            .With(Floats("w", [4, 2, 3, 3], new float[72]));
        var error = Assert.Throws<DiagnosticException>(() => model.Import());
        Assert.Equal(2, error.Diagnostics.Count);
        Assert.Contains(
            "Conv 'b': weight [4, 2, 3, 3] does not fit data [1, 3, 8, 8]", error.Diagnostics[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_constants_are_told_by_name() =>
        Assert.Equal("Conv 'y': it reads 'w', which no input, constant or node defines (input 'x' [1, 2, 3, 3])",
            Refused(Model(17, [1, 2, 3, 3], Node("Conv", "x w", "y"))).Message);

    [Fact]
    public void Nodes_in_a_circle_are_told_by_name()
    {
        var error =
            Refused(Model(17, [1, 2], Node("Add", "x c", "a"), Node("Relu", "a", "b"), Node("Relu", "b", "c"), Node("Relu", "c", "y")));
        Assert.Equal((FrontendCodes.ModelMalformed, "nodes read each other's results in a circle: 'a' → 'b' → 'c' → 'a'"),
            (error.Code, error.Message));
        Assert.Equal("nodes read each other's results in a circle: 'a' → 'a'",
            Refused(Model(17, [1, 2], Node("Add", "x a", "a"), Node("Relu", "a", "y"))).Message);
    }

    [Fact]
    public void Nodes_out_of_order_are_put_into_order() =>
        Assert.Equal([NnUnary.Neg, NnUnary.Relu],
            Model(17, [1, 2], Node("Relu", "a", "y"), Node("Neg", "x", "a")).Import().Operations.Select(o => o.Spec));

    [Fact]
    public void What_a_model_says_about_itself_is_kept()
    {
        var model = Model(17, [1, 2], Node("Relu", "x", "y"));
        (model.ProducerName, model.ProducerVersion, model.DocString) = ("pytorch", "2.1", "a test");
        model.MetadataProps.Add(new StringStringEntryProto { Key = "input size", Value = "1\n2" });
        var graph = model.Import();
        Assert.Equal("{doc = \"a test\", metadata.input_size = \"1\\n2\", producer = \"pytorch 2.1\"}",
            TextPrinter.Print(graph).Split("attributes ")[1].Split(" {\n")[0]);
        var written = ModelProto.Parser.ParseFrom(OnnxExporter.Export(graph).Bytes);
        Assert.Equal(("a test", "input_size", "1\n2"),
            (written.DocString, written.MetadataProps.Single().Key, written.MetadataProps.Single().Value));
    }

    [Fact]
    public void A_quantization_of_activations_is_the_clip_that_its_range_means()
    {
        var zero = Raw("z", DataType.Uint8, [], [0]);
        var graph = Model(13, [1, 2], Node("QuantizeLinear", "x s z", "q"), Node("DequantizeLinear", "q s z", "d"), Node("Neg", "d", "y"))
            .With(Floats("s", [], 0.5f), zero).Import();
        Assert.Equal([NnUnary.Clip, NnUnary.Neg], graph.Operations.Select(o => o.Spec));
        Assert.Equal((0.0, 127.5), (graph.Operations[0].Float("min"), graph.Operations[0].Float("max")));
    }

    private static Diagnostic Refused(ModelProto model, TemporaryFolder? folder = null) =>
        Assert.Throws<DiagnosticException>(() => model.Import(folder: folder)).Diagnostics[0];
}
