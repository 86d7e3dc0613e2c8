using System.Text;
using CortexMl.Cvm;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Tests.Cvm;

/// <summary>Small models of the cvm level.</summary>
internal static class Samples
{
    /// <summary>Convolution with bias, relu and requantization: constants of precision 8 and above, tuples, a text and a bool.</summary>
    public static Graph Convolution()
    {
        var build = new GraphBuilder("main", Level.Cvm);
        var image = build.Input("image", TensorType.Integer(8, Shape.Of(1, 1, 3, 3)));
        var weight = build.Constant("conv.weight", Tensor.Create(Shape.Of(2, 1, 2, 2), [1, -2, 3, -4, 5, -6, 7, -127]), 8);
        var bias = build.Constant("conv.bias", Tensor.Vector(1000, -1000), 11);
        var sum = build.Op(CvmConv.Conv2D, [image, weight, bias], Attributes.Of(("channels", 2), ("kernel_size", new[] { 2, 2 })));
        var relu = build.Op(CvmUnary.Relu, [sum]);
        build.Output(build.Op(CvmUnary.CvmRightShift, [relu], Attributes.Of(("precision", 8), ("shift_bit", 4))));
        return build.Build();
    }

    public static CvmFiles Files() => CvmEmitter.Emit(Convolution());

    /// <summary>The symbol with one piece of text replaced by another.</summary>
    public static CvmLoadResult Edited(string old, string replacement)
    {
        var files = Files();
        string text = Encoding.UTF8.GetString(files.Symbol);
        if (!text.Contains(old, StringComparison.Ordinal)) throw new ArgumentException($"the sample has no {old}");
        return CvmReader.Read(Encoding.UTF8.GetBytes(text.Replace(old, replacement, StringComparison.Ordinal)), files.Params);
    }
}
