using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Comparing;

/// <summary>
/// Runs a graph of the quant level as it is meant: operations of the CVM one by one on the CPU engine, requantizations by their definition
/// in double (passes/Quantize/README.md §4), not as round-shift spells them out: so what round-shift does wrong can be told.
/// </summary>
internal sealed class QuantSession : IDisposable
{
    private readonly Graph _graph;
    private readonly IReadOnlyList<Value> _shown;
    private readonly List<QuantStep> _steps = [];
    private readonly CancellationToken _cancellation;

    /// <param name="Executable">Null for a requantization.</param>
    /// <param name="Operands">What it takes: each value once, no constants.</param>
    private sealed record QuantStep(Operation Operation, IExecutable? Executable, IReadOnlyList<Value> Operands);

    /// <param name="cancellation">Ends a run: looked at before each operation.</param>
    public QuantSession(Graph graph, IReadOnlyList<Value> shown, CancellationToken cancellation)
    {
        (_graph, _shown, _cancellation) = (graph, shown, cancellation);
        var engine = new CpuEngine(new CpuOptions { Threads = Environment.ProcessorCount });
        foreach (var operation in graph.Operations.Where(o => o.Constant is null))
        {
            List<Value> operands = [.. operation.Operands.Where(o => !o.IsConstant).Distinct()];
            bool isAbstract = operation.Spec == Quant.Requantize;
            _steps.Add(new(operation, isAbstract ? null : engine.Prepare(Alone(operation, operands)), operands));
        }
    }

    /// <returns>What each of the shown values holds.</returns>
    public IReadOnlyList<Tensor<int>> Run(IReadOnlyList<Tensor<int>> inputs)
    {
        var values = _graph.Inputs.Zip(inputs).ToDictionary(p => p.First, p => p.Second);
        foreach (var step in _steps)
        {
            _cancellation.ThrowIfCancellationRequested();
            IReadOnlyList<Tensor<int>> results = step.Executable is { } executable
                ? executable.Run([.. step.Operands.Select(o => values[o])])
                : [Requantize(step.Operation, values[step.Operation.Operands[0]])];
            foreach (var (value, tensor) in step.Operation.Results.Zip(results)) values[value] = tensor;
        }
        return [.. _shown.Select(v => values[v])];
    }

    public void Dispose()
    {
        foreach (var step in _steps) step.Executable?.Dispose();
    }

    private static Graph Alone(Operation operation, List<Value> operands)
    {
        var build = new GraphBuilder("operation", Level.Cvm);
        var copies = operands.Index().ToDictionary(o => o.Item, o => build.Input($"x{o.Index}", WithoutScale(o.Item)));
        foreach (var constant in operation.Operands.Where(o => o.IsConstant).Distinct())
            copies[constant] = build.Constant("c", constant.Constant!, WithoutScale(constant));
        var copy = build.Operation(operation.Spec, [.. operation.Operands.Select(o => copies[o])], operation.Attributes);
        foreach (var result in copy.Results) build.Output(result);
        return build.Build();
    }

    private static TensorType WithoutScale(Value value) => value.Type with { Scale = null };

    // data · multiplier · 2^-shift, or data · scale of the result / scale of the data; rounded half up, ±α(precision)
    private static Tensor<int> Requantize(Operation op, Tensor<int> data)
    {
        double bound = op.Results[0].Type.Element.Bound;
        Scale from = op.Operands[0].Type.Scale!, to = op.Results[0].Type.Scale!;
        var result = new int[data.Length];
        if (op.Operand("multiplier") is { } multiplier)
        {
            var factors = new BroadcastFactors(multiplier.Constant!.Tensor, data.Shape);
            double step = 1.0 / (1L << (int)op.Int("shift"));
            for (int i = 0; i < result.Length; i++) result[i] = Rounded(data.Data[i] * factors[i] * step, bound);
            return Tensor.Create(data.Shape, result);
        }
        Elements source = new(data.Shape, null, data.Data, from, 0), target = source with { Scale = to };
        int sourceInner = source.Inner, targetInner = target.Inner;
        for (int i = 0; i < result.Length; i++)
            result[i] = Rounded(data.Data[i] * (target.ScaleAt(i, targetInner) / source.ScaleAt(i, sourceInner)), bound);
        return Tensor.Create(data.Shape, result);
    }

    private static int Rounded(double x, double bound) => (int)Math.Clamp(Math.Floor(x + 0.5), -bound, bound);

    /// <summary>Elements of a constant where they stand when it is broadcast to a shape.</summary>
    private sealed class BroadcastFactors
    {
        private readonly Tensor _tensor;
        private readonly int[] _dims, _strides;

        public BroadcastFactors(Tensor tensor, Shape shape)
        {
            _tensor = tensor;
            (_dims, _strides) = ([.. shape], new int[shape.Rank]);
            int stride = 1, behind = shape.Rank - tensor.Shape.Rank;
            for (int axis = tensor.Shape.Rank - 1; axis >= 0; axis--)
            {
                if (tensor.Shape[axis] > 1) _strides[behind + axis] = stride;
                stride *= tensor.Shape[axis];
            }
        }

        public double this[int index]
        {
            get
            {
                int place = 0;
                for (int axis = _dims.Length - 1; axis >= 0; axis--)
                {
                    place += index % _dims[axis] * _strides[axis];
                    index /= _dims[axis];
                }
                return _tensor.GetDouble(place);
            }
        }
    }
}
