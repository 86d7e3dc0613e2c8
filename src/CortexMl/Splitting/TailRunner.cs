using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Splitting;

/// <summary>
/// Runs a model and, on the reals that its outputs stand for, what comes behind it. The float engine is the portable one: the same integers
/// give the same numbers on every machine.
/// </summary>
internal sealed class TailRunner : IModelRunner
{
    private readonly IModelRunner _head;
    private readonly (ModelPort Port, int Index)[] _ports;
    private readonly IFloatSession _tail;

    /// <param name="ports">Outputs of the head; the tail has an input of the name of each.</param>
    public TailRunner(IModelRunner head, IReadOnlyList<ModelPort> ports, Graph tail)
    {
        _head = head;
        var places = ports.Index().ToDictionary(p => p.Item.Name, p => (p.Item, p.Index), StringComparer.Ordinal);
        _ports = [.. tail.Inputs.Select(i => places[i.Name!])];
        _tail = FloatEngines.Of(FloatEngines.Portable).Prepare(tail, tail.Outputs);
    }

    public IReadOnlyList<Tensor> Run(Sample sample)
    {
        var outputs = _head.Run(sample);
        return _tail.Run([.. _ports.Select(p => Tensor.Create(Shape.Of(p.Port.Shape), LastSteps.OwnReals(p.Port, outputs[p.Index])))]);
    }

    public void Dispose()
    {
        _head.Dispose();
        _tail.Dispose();
    }
}
