using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Interpreter;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Comparing;

/// <summary>A graph of any level, ready to show what chosen values of it hold. One thread at a time.</summary>
internal abstract class ValueRun : IDisposable
{
    /// <param name="values">Results of operations and inputs, no constants.</param>
    /// <param name="options">How integer inputs are made, and what ends runs.</param>
    /// <exception cref="Diagnostics.DiagnosticException">No scale of an input is known, or an engine refuses the graph.</exception>
    public static ValueRun Of(Model model, IReadOnlyList<Value> values, RunOptions options) => model.Graph.Level switch
    {
        Level.Float => new FloatRun(model, values, options.Cancellation),
        Level.Quant => new QuantRun(model, values, options),
        _ => new CvmRun(model, values, options),
    };

    /// <returns>What each value held, in their order.</returns>
    public abstract IReadOnlyList<Elements> Run(Sample sample);

    public abstract void Dispose();

    private static Elements Integers(Value value, Tensor<int> tensor, Scale? scale) =>
        new(value.Type.Shape, null, tensor.Data, scale, value.Type.Element.Bound);

    private sealed class FloatRun(Model model, IReadOnlyList<Value> values, CancellationToken cancellation) : ValueRun
    {
        private readonly IFloatSession _session = FloatEngines.Of(FloatEngines.Portable, cancellation).Prepare(model.Graph, values);

        public override IReadOnlyList<Elements> Run(Sample sample)
        {
            var shown = new Elements[values.Count];
            _session.Run(sample.Inputs, (i, elements) => shown[i] = new(values[i].Type.Shape, elements.ToArray(), null, null, 0));
            return shown;
        }

        public override void Dispose() => _session.Dispose();
    }

    private sealed class QuantRun(Model model, IReadOnlyList<Value> values, RunOptions options) : ValueRun
    {
        private readonly IntegerInputs _inputs = IntegerInputs.For(model, options);
        private readonly QuantSession _session = new(model.Graph, values, options.Cancellation);

        public override IReadOnlyList<Elements> Run(Sample sample)
        {
            var tensors = _session.Run(_inputs.Of(sample));
            return [.. values.Zip(tensors, (value, tensor) => Integers(value, tensor, value.Type.Scale))];
        }

        public override void Dispose() => _session.Dispose();
    }

    private sealed class CvmRun : ValueRun
    {
        private readonly IReadOnlyList<Value> _values;
        private readonly IReadOnlyList<Scale?> _scales;
        private readonly IntegerInputs _inputs;
        private readonly IExecutable _executable;

        /// <summary>What the interpreter showed; null where the executable returns the values.</summary>
        private readonly Dictionary<Value, Tensor<int>>? _shown;

        public CvmRun(Model model, IReadOnlyList<Value> values, RunOptions options)
        {
            _values = values;
            _inputs = IntegerInputs.For(model, options);
            var outputs = model.Graph.Outputs.ToList();
            _scales = [.. values.Select(v => v.Type.Scale ?? v.Provenance?.Scale ?? OfPort(outputs.IndexOf(v)))];
            // Values that share storage mean what they mean on the interpreter's memory alone.
            if (model.Cvm is { Storage: { IsAliased: true } storage })
            {
                _shown = [];
                var wanted = values.ToHashSet();
                var watch = new InterpreterOptions
                {
                    Cancellation = options.Cancellation,
                    Observe = (value, tensor) =>
                    {
                        if (wanted.Contains(value)) _shown[value] = Tensor.Create(tensor.Shape, [.. tensor.Data]);
                    },
                };
                _executable = new InterpreterEngine(watch).Prepare(model.Graph, new StoragePlan(storage.Slots, storage.Sizes));
            }
            else
            {
                var engine = new CpuEngine(new CpuOptions { Threads = Environment.ProcessorCount, Cancellation = options.Cancellation });
                _executable = engine.Prepare(Returning(model.Graph, values));
            }

            Scale? OfPort(int k) => k >= 0 && model.Io is { } io && io.Outputs[k].Scale is > 0 and var s ? Scale.PerTensor(s) : null;
        }

        public override IReadOnlyList<Elements> Run(Sample sample)
        {
            var tensors = _executable.Run(_inputs.Of(sample));
            if (_shown is not null) tensors = [.. _values.Select(v => _shown[v])];
            return [.. _values.Select((value, i) => Integers(value, tensors[i], _scales[i]))];
        }

        public override void Dispose() => _executable.Dispose();

        /// <summary>The same operations with other outputs: an engine must show these values, however it fuses.</summary>
        private static Graph Returning(Graph graph, IReadOnlyList<Value> values)
        {
            var copy = GraphCopy.Of(graph);
            var places = graph.Operations.Index().ToDictionary(o => o.Item, o => o.Index);
            new Rewriter(copy).SetOutputs(
                [.. values.Select(v => v.Producer is { } p ? copy.Operations[places[p]].Results[v.Index] : copy.Inputs[v.Index])]);
            return copy;
        }
    }
}
