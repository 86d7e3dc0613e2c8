using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>Runs a model on samples. One thread at a time; make one per thread.</summary>
public interface IModelRunner : IDisposable
{
    /// <returns>One tensor per output: f32 of a float model, int32 of an integer one.</returns>
    IReadOnlyList<Tensor> Run(Sample sample);
}
