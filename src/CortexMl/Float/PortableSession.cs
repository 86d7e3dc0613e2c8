using CortexMl.Engines.Float.Portable;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;

namespace CortexMl.Float;

/// <summary>
/// A float graph ready to run: what no observed value needs is left out, and what depends on constants only is computed once.
/// </summary>
internal sealed class PortableSession : IFloatSession
{
    private readonly Graph _graph;
    private readonly IReadOnlyList<Value> _observed;
    private readonly CancellationToken _cancellation;
    private readonly Dictionary<Value, int> _numbers = [];

    /// <summary>For each value by number: where it stands among the observed ones.</summary>
    private readonly ILookup<int, int> _places;

    /// <summary>Elements by number, of values that never change.</summary>
    private readonly float[]?[] _constants;
    private readonly List<PortableStep> _steps = [];
    private readonly Dictionary<int, Stack<float[]>> _free = [];

    /// <param name="Ends">Values that nobody reads afterwards.</param>
    private sealed record PortableStep(PortableKernel Kernel, int[] Operands, int Result, int Length, int[] Ends);

    public PortableSession(Graph graph, IReadOnlyList<Value> observed, PortableKernels kernels, CancellationToken cancellation = default)
    {
        (_graph, _observed, _cancellation) = (graph, observed, cancellation);
        foreach (var value in graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results))) _numbers.Add(value, _numbers.Count);
        _places = observed.Index().ToLookup(o => _numbers[o.Item], o => o.Index);
        _constants = new float[]?[_numbers.Count];
        var operations = Needed();
        var lastReaders = new Dictionary<Value, Operation>();
        foreach (var operation in operations)
        {
            if (operation.Constant is null) lastReaders[operation.Result] = operation;
            foreach (var operand in operation.Operands) lastReaders[operand] = operation;
        }
        var ends = lastReaders.ToLookup(r => r.Value, r => r.Key);
        foreach (var operation in operations)
        {
            cancellation.ThrowIfCancellationRequested();
            Add(operation, ends[operation], kernels);
        }
    }

    public IReadOnlyList<Tensor<float>> Run(IReadOnlyList<Tensor<float>> inputs)
    {
        var results = new Tensor<float>[_observed.Count];
        Run(inputs, (i, elements) => results[i] = Tensor.Create(_observed[i].Type.Shape, elements.ToArray()));
        return results;
    }

    public void Run(IReadOnlyList<Tensor<float>> inputs, FloatObserver observer)
    {
        inputs = FloatInputs.Of(_graph, inputs);
        var values = (float[]?[])_constants.Clone();
        for (int i = 0; i < values.Length; i++) Show(i);
        for (int i = 0; i < inputs.Count; i++)
        {
            values[i] = inputs[i].Data;
            Show(i);
        }
        foreach (var step in _steps)
        {
            _cancellation.ThrowIfCancellationRequested();
            float[] result = _free.GetValueOrDefault(step.Length)?.TryPop(out float[]? free) == true
                ? free : GC.AllocateUninitializedArray<float>(step.Length);
            step.Kernel([.. step.Operands.Select(o => values[o]!)], result);
            values[step.Result] = result;
            Show(step.Result);
            foreach (int end in step.Ends)
            {
                Release(values[end]!);
                values[end] = null;
            }
        }

        void Show(int number)
        {
            if (values[number] is not { } elements) return;
            foreach (int place in _places[number]) observer(place, elements);
        }
    }

    public void Dispose()
    {
    }

    private List<Operation> Needed()
    {
        var needed = _observed.Select(v => v.Producer).OfType<Operation>().ToHashSet();
        var operations = new List<Operation>();
        foreach (var operation in _graph.Operations.Reverse())
        {
            if (!needed.Contains(operation)) continue;
            operations.Add(operation);
            needed.UnionWith(operation.Operands.Select(o => o.Producer).OfType<Operation>());
        }
        operations.Reverse();
        return operations;
    }

    /// <param name="ends">Values that nobody reads afterwards.</param>
    private void Add(Operation operation, IEnumerable<Value> ends, PortableKernels kernels)
    {
        int number = _numbers[operation.Result];
        if (operation.Constant is { } constant)
        {
            _constants[number] = constant.Tensor.ToFloat().Data;
            return;
        }
        int[] operands = [.. operation.Operands.Select(o => _numbers[o])];
        float[]?[] known = [.. operands.Select(o => _constants[o])];
        var shape = operation.Result.Type.Shape;
        var kernel = kernels.Prepare(operation, shape, known) ?? Definition(operation);
        int length = checked((int)shape.Count);
        if (known.All(k => k is not null))
        {
            kernel(known!, _constants[number] = new float[length]);
            return;
        }
        // An input is the caller's, and a constant stays.
        int[] free = [.. ends.Select(v => _numbers[v]).Where(v => _constants[v] is null && v >= _graph.Inputs.Count)];
        _steps.Add(new(kernel, operands, number, length, free));
    }

    private static PortableKernel Definition(Operation operation) => (operands, result) =>
    {
        var exact = operands.Zip(operation.Operands, (o, value) => Tensor.Create(value.Type.Shape, Array.ConvertAll(o, x => (double)x)));
        double[] numbers = NaiveKernels.Evaluate(operation, [.. exact]).Data;
        for (int i = 0; i < result.Length; i++) result[i] = (float)numbers[i];
    };

    private void Release(float[] elements)
    {
        if (!_free.TryGetValue(elements.Length, out var free)) _free.Add(elements.Length, free = new Stack<float[]>());
        free.Push(elements);
    }
}
