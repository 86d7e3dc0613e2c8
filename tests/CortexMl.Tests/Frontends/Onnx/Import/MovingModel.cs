using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Networks of x [4, 6], and s, the whole number k that comes with the data.</summary>
internal static class MovingModel
{
    private const int Whole = 7;

    public static ModelProto Of(int opset, TensorProto[] constants, params NodeProto[] nodes)
    {
        var model = Model(opset, [4, 6], [Node("Cast", "k", "s", Int("to", Whole)), .. nodes]).With(constants);
        model.Graph.Input.Add(Info("k", [1]));
        return model;
    }

    /// <summary>With that k, the imported graph gives what ONNX Runtime gives on the file.</summary>
    public static void Agrees(ModelProto model, float k)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder["model.onnx"], graph, [Original.Signed(graph, 3)[0], Tensor.Vector(k)]);
    }
}
