using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>Runs a float model.</summary>
internal sealed class FloatRunner(IFloatSession session) : IModelRunner
{
    public IReadOnlyList<Tensor> Run(Sample sample) => session.Run(sample.Inputs);

    public void Dispose() => session.Dispose();
}
