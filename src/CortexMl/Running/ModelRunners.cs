using CortexMl.Engines;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>Runs a model on samples. One thread at a time; make one per thread.</summary>
public interface IModelRunner : IDisposable
{
    /// <returns>One tensor per output: f32 of a float model, int32 of an integer one.</returns>
    IReadOnlyList<Tensor> Run(Sample sample);
}

/// <summary>
/// Runs an integer model: quantizes the inputs, hands them to an engine, and gives the outputs the shapes that the network gave them.
/// </summary>
internal sealed class IntegerRunner(Model model, IExecutable executable, IntegerInputs inputs) : IModelRunner
{
    public IReadOnlyList<Tensor> Run(Sample sample) => [.. executable.Run(inputs.Of(sample)).Select(Shaped)];

    public void Dispose() => executable.Dispose();

    private Tensor Shaped(Tensor<int> output, int index)
    {
        var shape = model.Io is { } io ? Shape.Of(io.Outputs[index].Shape) : output.Shape;
        return shape != output.Shape && shape.Count == output.Shape.Count ? output.Reshape(shape) : output;
    }
}

/// <summary>Runs a float model.</summary>
internal sealed class FloatRunner(IFloatSession session) : IModelRunner
{
    public IReadOnlyList<Tensor> Run(Sample sample) => session.Run(sample.Inputs);

    public void Dispose() => session.Dispose();
}
