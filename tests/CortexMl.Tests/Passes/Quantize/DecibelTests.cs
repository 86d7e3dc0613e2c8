using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Passes.Prepare;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>How near the integers of every value are to the float network, against <see cref="DecibelRecord"/>.</summary>
public sealed class DecibelTests
{
    private const int Networks = 40, Inputs = 8;

    [Fact]
    public void Every_value_is_as_near_to_the_float_network_as_was_recorded()
    {
        var measured = new Dictionary<string, double>();
        foreach (string name in new[] { "mnist-dapp", "mnist-lenet", "mnist-mlp" }) AddSample(name, measured);
        for (int seed = 0; seed < Networks; seed++) AddSeeded(seed, measured);
        var differences = DecibelRecord.Differences(measured);
        Assert.True(differences.Count == 0, $"{differences.Count} of {measured.Count} values\n{string.Join('\n', differences.Take(30))}");
    }

    [Fact]
    public void Missing_new_better_and_worse_values_are_differences_and_a_decibel_is_none()
    {
        var recorded = DecibelRecord.Parse(["# head", "net a 30.0", "net b 40.5", "net c exact", "net d exact", "net e 7.0"]);
        var measured = new Dictionary<string, double>
        {
            ["net a"] = 31,
            ["net b"] = 41.6,
            ["net c"] = double.PositiveInfinity,
            ["net d"] = 90,
            ["net f"] = 12.3,
        };
        Assert.Equal(
            [
                "net e 7.0 is recorded; there is no such value", "net f 12.3 is not recorded",
                "net b 41.6, recorded as 40.5", "net d 90.0, recorded as exact",
            ],
            DecibelRecord.Differences(recorded, measured));
    }

    private static void AddSample(string name, Dictionary<string, double> measured)
    {
        string folder = Repository.Path("golden", "models", name);
        var options = new CompileOptions
        {
            Data = new DataOptions(Path.Combine(folder, "calibration.npy")) { Limit = 32 },
            Preprocessing = new Preprocessing { Scale = 1 / 255.0 },
        };
        var report = Compiler.Compile(ModelLoader.Load(Path.Combine(folder, $"{name}.onnx")), options).Report!;
        foreach (var node in report.Noise) measured.Add($"{name} {node.Name}", node.NoiseRatio ?? double.PositiveInfinity);
    }

    private static void AddSeeded(int seed, Dictionary<string, double> measured)
    {
        var graph = RandomNetwork.Of(seed);
        var inputs = Enumerable.Range(0, Inputs).Select(i => RandomNetwork.Input(1000 * seed + i, graph.Inputs[0].Type.Shape)).ToList();
        var manager = new PassManager(PassTable.Registry());
        manager.Run(graph, Pipeline.Parse(DefaultPipeline.Prepare));
        var values = Named(graph);
        double[][][] expected = [.. inputs.Select(input => Evaluate(graph, values, input))];
        var rewriter = new Rewriter(graph);
        foreach (var (i, value) in values.Index())
            rewriter.SetType(value, value.Type with { Threshold = expected.Max(of => of[i].Max(Math.Abs)) });
        string[] names = [.. values.Select(v => v.Name!)];
        manager.Run(graph, Pipeline.Parse("quantize,round-shift"));
        // Behind lower-cvm only inputs and outputs carry their scale.
        var scales = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results))
            .Where(v => v.Name is not null && v.Type.Scale is not null).ToDictionary(v => v.Name!, v => v.Type.Scale!);
        manager.Run(graph, Pipeline.Parse("lower-cvm,plan-storage,bound-check"));
        var found = inputs.Select(input => Integers(graph, input)).ToList();
        foreach (var (i, name) in names.Index())
        {
            if (!scales.TryGetValue(name, out var scale) || found[0].GetValueOrDefault(name)?.Length != expected[0][i].Length) continue;
            double signal = 0, noise = 0;
            for (int k = 0; k < inputs.Count; k++)
            {
                var real = Real(found[k][name], scale);
                signal += expected[k][i].Sum(v => v * v);
                noise += expected[k][i].Zip(real).Sum(p => (p.First - p.Second) * (p.First - p.Second));
            }
            measured.Add($"seed-{seed:00} {name}", noise == 0 ? double.PositiveInfinity : 10 * Math.Log10(signal / noise));
        }
    }

    /// <summary>All values but constants, each with a name of its own.</summary>
    private static List<Value> Named(Graph graph)
    {
        var rewriter = new Rewriter(graph);
        var results = graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results).ToList();
        foreach (var (i, value) in results.Index()) rewriter.SetName(value, $"v{i}-{value.Producer!.Spec.Name["nn.".Length..]}");
        return [.. graph.Inputs, .. results];
    }

    private static double[][] Evaluate(Graph graph, List<Value> values, Tensor<double> input)
    {
        var rewriter = new Rewriter(graph);
        var outputs = graph.Outputs.ToList();
        rewriter.SetOutputs(values);
        double[][] result = [.. NaiveEvaluator.Run(graph, [input]).Select(t => t.Data)];
        rewriter.SetOutputs(outputs);
        return result;
    }

    /// <summary>The integers of every named value.</summary>
    private static Dictionary<string, Tensor<int>> Integers(Graph graph, Tensor<double> input)
    {
        var type = graph.Inputs[0].Type;
        long bound = type.Element.Bound;
        int[] data = Array.ConvertAll(input.Data, v => (int)Math.Clamp(Math.Floor(v * type.Scale!.Value + 0.5), -bound, bound));
        var seen = new Dictionary<string, Tensor<int>> { [graph.Inputs[0].Name!] = Tensor.Create(type.Shape, data) };
        void Observe(Value value, Tensor<int> tensor)
        {
            if (value.Name is { } name) seen[name] = Tensor.Create(tensor.Shape, [.. tensor.Data]);
        }
        using var executable = new InterpreterEngine(new InterpreterOptions { TrapOverflow = true, Observe = Observe }).Prepare(graph);
        executable.Run([seen[graph.Inputs[0].Name!]]);
        return seen;
    }

    private static IEnumerable<double> Real(Tensor<int> integers, Scale scale)
    {
        int inner = scale.Axis is { } axis ? (int)Shape.Of(integers.Shape.Skip(axis + 1)).Count : integers.Length;
        return integers.Data.Select((v, i) => v / scale.At(scale.Axis is { } a ? i / inner % integers.Shape[a] : 0));
    }
}
