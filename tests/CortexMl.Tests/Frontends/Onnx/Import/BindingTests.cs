using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Frontends.Onnx.Schema.TensorProto.Types;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Inputs that are fixed when a model is read.</summary>
public sealed class BindingTests
{
    [Fact]
    public void An_input_can_be_bound_to_a_file()
    {
        using var folder = new TemporaryFolder();
        var model = Model(17, [1, 2], Node("Add", "x w", "y"));
        model.Graph.Input.Add(Info("w", [2]));
        string path = folder.Write("w.pb", Floats("w", [2], 3, 4).ToByteArray());
        var graph = model.Import(new ImportOptions { Bindings = new Dictionary<string, string> { ["w"] = path } }, folder);
        Assert.Equal("x", Assert.Single(graph.Inputs).Name);
        Assert.Equal([3f, 4f], graph.Constants.Single().Constant!.Floats.ToArray());
    }

    [Theory]
    [InlineData("0.5", new[] { 0.5f, 0.5f })]
    [InlineData("-2e1", new[] { -20f, -20f })]
    public void An_input_can_be_bound_to_a_number(string number, float[] elements)
    {
        var model = Model(17, [1, 2], Node("Add", "x w", "y"));
        model.Graph.Input.Add(Info("w", [2]));
        var graph = model.Import(new ImportOptions { Bindings = new Dictionary<string, string> { ["w"] = number } });
        Assert.Equal(elements, graph.Constants.Single().Constant!.Floats.ToArray());
    }

    [Fact]
    public void The_name_of_a_batch_means_a_batch_on_every_axis()
    {
        var model = Model(17, [1, 2], Node("Add", "x s", "y"));
        var state = Info("s", [3, 1, 2]);
        state.Type.TensorType.Shape.Dim[1].DimParam = "batch";
        model.Graph.Input[0].Type.TensorType.Shape.Dim[0].DimParam = "batch";
        model.Graph.Input.Add(state);
        Assert.Equal(["[1, 2]", "[3, 1, 2]"], model.Import().Inputs.Select(i => i.Type.Shape.ToString()));
    }

    [Fact]
    public void An_input_of_integers_is_bound_to_whole_numbers()
    {
        var model = Model(17, [1, 2], Node("Cast", "w", "f", Int("to", 1)), Node("Add", "x f", "y"));
        model.Graph.Input.Add(Info("w", [], DataType.Int64));
        ModelProto Bound(out ImportOptions options, string number)
        {
            options = new ImportOptions { Bindings = new Dictionary<string, string> { ["w"] = number } };
            return model;
        }

        Assert.Equal([16000f], Bound(out var whole, "16000").Import(whole).Constants.Single().Constant!.Floats.ToArray());
        var error = Assert.Throws<DiagnosticException>(() => Bound(out var half, "0.5").Import(half)).Diagnostics[0];
        Assert.Equal(("CML0252", "input 'w' takes whole numbers of type I64, not 0.5"), (error.Code, error.Message));
    }
}
