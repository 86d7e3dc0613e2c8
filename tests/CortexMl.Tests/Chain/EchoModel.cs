using CortexMl.Cvm;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Chain;

/// <summary>A compiled folder whose first output is its input; further outputs are constants. What goes in must come out.</summary>
internal sealed class EchoModel : IDisposable
{
    /// <param name="precision">Up to 8: elements of 1 byte; above: 4.</param>
    /// <param name="outputs">Their shapes; the first is also the input's.</param>
    public EchoModel(int precision, string postprocess, params int[][] outputs)
    {
        var build = new GraphBuilder("main", Level.Cvm);
        build.Output(build.Input("data", TensorType.Integer(precision, Shape.Of(outputs[0]))));
        foreach (int[] dims in outputs.Skip(1))
            build.Output(
                build.Constant("c", Tensor.Create(Shape.Of(dims), [.. Enumerable.Range(-3, (int)Shape.Of(dims).Count)]), precision));
        if (postprocess.Length > 0) build.SetAttributes(Attributes.Of(("postprocess", postprocess)));
        var files = CvmEmitter.Emit(build.Build());
        Folder.Write("symbol", files.Symbol);
        Folder.Write("params", files.Params);
        Model = CortexMl.Chaining.ChainModel.Load(Folder.Path);
    }

    public TemporaryFolder Folder { get; } = new();

    public Model Model { get; }

    public CvmModel Cvm => Model.Cvm!;

    public void Dispose() => Folder.Dispose();
}
