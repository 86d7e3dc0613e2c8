using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Restoring;

/// <summary>
/// Runs a compiled graph with float islands, wave by wave. Outputs that an island makes are reals (f32), others integers as the compiled
/// model has them.
/// </summary>
internal sealed class IslandRunner : IModelRunner
{
    /// <summary>What reports call it.</summary>
    public const string Engine = "cpu, islands in float";

    private readonly FloatIslands _islands;
    private readonly Model _model;
    private readonly IntegerInputs _inputs;
    private readonly IReadOnlyList<(IExecutable? Integers, IFloatSession Floats)> _waves;
    private readonly IExecutable? _last;

    /// <param name="model">The compiled graph, with what it says of inputs and outputs.</param>
    /// <param name="threads">Within one operation.</param>
    public IslandRunner(Model model, FloatIslands islands, IFloatEvaluator evaluator, int threads)
    {
        (_model, _islands, _inputs) = (model, islands, IntegerInputs.For(model, new RunOptions()));
        var engine = new CpuEngine(new CpuOptions { Threads = threads });
        _waves = [.. islands.Waves.Select(w => (
            w.Integers is { } part ? engine.Prepare(part.Graph) : null, evaluator.Prepare(w.Island.Graph, w.Island.Graph.Outputs)))];
        _last = islands.Last is { } last ? engine.Prepare(last.Graph) : null;
    }

    public IReadOnlyList<Tensor> Run(Sample sample)
    {
        var integers = _inputs.Of(sample);
        var reals = _islands.Floats.Inputs.ToDictionary(input => input, input => Real(input, sample.Inputs[input.Index]));
        var known = new Dictionary<Value, Tensor<int>>();
        foreach (var (wave, (executable, session)) in _islands.Waves.Zip(_waves))
        {
            if (wave.Integers is { } part)
            {
                var results = executable!.Run([.. integers, .. part.Entries.Select(e => known[e])]);
                foreach (var entry in wave.Read) reals[entry.Real] = Restored(results[IndexOf(wave.Outputs, entry.Integers)], entry);
            }
            var made = session.Run([.. wave.Island.Inputs.Select(v => reals[v])]);
            foreach (var (value, tensor) in wave.Island.Results.Zip(made)) reals[value] = tensor;
            foreach (var entry in wave.Entries) known[entry.Integers] = Quantized(reals[entry.Real], entry);
        }
        var last = _last?.Run([.. integers, .. _islands.Last!.Entries.Select(e => known[e])]);
        return [.. _islands.Returned.Select((value, k) => Shaped(
            value is null ? reals[_islands.Floats.Outputs[k]] : last![IndexOf(_islands.LastOutputs, value)], k))];
    }

    public void Dispose()
    {
        foreach (var (executable, session) in _waves)
        {
            executable?.Dispose();
            session.Dispose();
        }
        _last?.Dispose();
    }

    /// <summary>The network's real input as the float graph takes it: centred where the compiled model takes it so.</summary>
    private Tensor<float> Real(Value input, Tensor<float> given) =>
        InputSignature.CenteringOf(_islands.Floats, input.Index) is { } centering
        ? Tensor.Create(input.Type.Shape, Array.ConvertAll(centering.Of(given), x => (float)x))
        : given.Reshape(input.Type.Shape);

    private Tensor Shaped(Tensor output, int index)
    {
        var shape = Shape.Of(_model.OwnOutputs[index].Shape);
        return shape == output.Shape || shape.Count != output.Shape.Count ? output
            : output is Tensor<float> reals ? reals.Reshape(shape) : ((Tensor<int>)output).Reshape(shape);
    }

    private static Tensor<float> Restored(Tensor<int> integers, IslandEntry entry)
    {
        var channels = new Channels(entry);
        var reals = new float[integers.Length];
        for (int i = 0; i < reals.Length; i++) reals[i] = (float)(integers.Data[i] / channels.ScaleAt(i));
        return Tensor.Create(entry.Real.Type.Shape, reals);
    }

    /// <summary>floor(x·s + 0.5), within what was proven of the integers.</summary>
    private static Tensor<int> Quantized(Tensor<float> reals, IslandEntry entry)
    {
        var channels = new Channels(entry);
        var integers = new int[reals.Length];
        for (int i = 0; i < integers.Length; i++)
            integers[i] = (int)Math.Clamp(Math.Floor(reals.Data[i] * channels.ScaleAt(i) + 0.5), entry.Range.Lo, entry.Range.Hi);
        return Tensor.Create(entry.Integers.Type.Shape, integers);
    }

    private static int IndexOf(IReadOnlyList<Value> values, Value value) => values.Index().First(v => v.Item == value).Index;

    /// <summary>The scale of an element by its place.</summary>
    private readonly struct Channels(IslandEntry entry)
    {
        private readonly Scale _scale = entry.Scale;
        private readonly int _count = entry.Scale.Axis is { } axis ? entry.Integers.Type.Shape[axis] : 1,
            _inner = entry.Scale.Axis is { } along ? (int)Shape.Of(entry.Integers.Type.Shape.Skip(along + 1)).Count : 1;

        public double ScaleAt(int element) => _scale.At(_count == 1 ? 0 : element / _inner % _count);
    }
}
