using CortexMl.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Chain.Words;

/// <summary>Shapes as accounts state them: without the batch dimension of 1.</summary>
public static class ChainShape
{
    public static Shape Of(Shape shape) => shape.Rank > 1 && shape[0] == 1 ? shape.Remove(0) : shape;

    public static Shape Input(CvmModel model) => Of(model.Input.Type.Shape);

    /// <summary>The only output's shape; where post-processing changes or joins outputs, a list of what is returned.</summary>
    public static Shape Output(CvmModel model) => model.Graph.Outputs.Count == 1 && !OutputWords.IsArgMax(model)
        ? Of(model.Graph.Outputs[0].Type.Shape)
        : Shape.Of(checked((int)OutputWords.ElementCount(model)));
}
