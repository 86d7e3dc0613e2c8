using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Engines.Interpreter;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Restoring;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Tests.Restoring;

/// <summary>A text that was compiled on random inputs, to be run with any of its operations in float.</summary>
internal sealed class Mixture
{
    private readonly Graph _loaded;
    private readonly Model _model;

    public Mixture(string text, string pipeline = DefaultPipeline.Text)
    {
        var graph = TextParser.ParseOne(text, "test.cml");
        _loaded = GraphCopy.Of(graph);
        var loaded = new Model("test", graph);
        Samples = [.. new RandomSamples([.. loaded.Inputs.Select(i => i.Shape)], 8).Read()];
        var services = new PassServices
        {
            FloatEvaluator = PortableEvaluator.Calibration, Samples = new RandomSamples([.. loaded.Inputs.Select(i => i.Shape)], 8),
        };
        services.Given.Set(StandIns);
        var capture = new SignatureCapture(loaded);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(pipeline), services, [capture, StandIns]);
        _model = loaded with { Io = capture.Io(graph, Preprocessing.None) };
    }

    public StandIns StandIns { get; } = new(always: true);

    public IReadOnlyList<Sample> Samples { get; }

    public Graph Compiled => _model.Graph;

    public FloatIslands Islands(params string[] names) => FloatIslands.Of(StandIns, Compiled, Operations(names));

    public IReadOnlyList<Operation> All => [.. StandIns.Floats!.Operations.Where(o => o.Constant is null)];

    /// <summary>Operations by the names of their results.</summary>
    public IReadOnlyList<Operation> Operations(params string[] names)
    {
        Operation[] found = [.. All.Where(o => names.Contains(StandIns.NameOf(o.Results[0])))];
        return found.Length == names.Length ? found : throw new ArgumentException($"{found.Length} of {string.Join(", ", names)}");
    }

    public IReadOnlyList<Tensor> Run(Sample sample, params IEnumerable<Operation> restored)
    {
        var islands = FloatIslands.Of(StandIns, Compiled, restored);
        using var runner = new IslandRunner(_model, islands, PortableEvaluator.Calibration, 1);
        return runner.Run(sample);
    }

    /// <summary>What the integers alone make, on the interpreter.</summary>
    public IReadOnlyList<Tensor<int>> Integers(Sample sample)
    {
        using var executable = new InterpreterEngine(new InterpreterOptions { TrapOverflow = true }).Prepare(Compiled);
        return executable.Run(Inputs(sample));
    }

    /// <summary>A sample as the compiled graph takes it.</summary>
    public IReadOnlyList<Tensor<int>> Inputs(Sample sample) => IntegerInputs.For(_model, new RunOptions()).Of(sample);

    /// <summary>Least signal to noise of all outputs, in dB, over all samples.</summary>
    public double Decibels(params IEnumerable<Operation> restored)
    {
        Operation[] operations = [.. restored];
        using var session = PortableEvaluator.Calibration.Prepare(_loaded, [.. _loaded.Outputs]);
        var sums = new (double Signal, double Noise)[_loaded.Outputs.Count];
        foreach (var sample in Samples)
        {
            var made = Run(sample, operations);
            foreach (var (k, expected) in session.Run(sample.Inputs).Index())
                for (int i = 0; i < expected.Length; i++)
                {
                    double scale = made[k] is Tensor<int> ? _model.Outputs[k].Scale : 1;
                    double error = made[k].GetDouble(i) / scale - expected.Data[i];
                    sums[k].Signal += (double)expected.Data[i] * expected.Data[i];
                    sums[k].Noise += error * error;
                }
        }
        return sums.Min(s => s.Noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(s.Signal / s.Noise));
    }
}
