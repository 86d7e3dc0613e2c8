using System.Diagnostics;
using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Survey;

/// <summary>The portable float engine beside ONNX Runtime: time, and how far their numbers are apart.</summary>
internal static class FloatSpeed
{
    private const int Fewest = 3;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(4);

    /// <summary>A row for each file: medians of turns, one thread each, every value shown as calibration wants it.</summary>
    public static void Write(IEnumerable<string> files, TextWriter output)
    {
        output.WriteLine($"{"network",-44} {"portable ms",11} {"onnxruntime ms",14} {"ratio",6} {"largest difference",18}");
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            try
            {
                output.WriteLine(Row(name.Length > 44 ? name[..44] : name, ModelLoader.Load(file).Graph));
            }
            catch (DiagnosticException error)
            {
                output.WriteLine($"{name,-44} {error.Diagnostics[0].Message}");
            }
        }
    }

    private static string Row(string name, Graph graph)
    {
        Value[] values = [.. graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)];
        using var ours = new PortableEvaluator(threads: 1).Prepare(graph, values);
        using var theirs = new FloatEvaluator(FloatOptions.Calibration).Prepare(graph, values);
        var random = new Random(0);
        Tensor<float>[] inputs = [.. graph.Inputs.Select(i => Numbers(i.Type.Shape))];
        double apart = Difference(ours.Run(inputs), theirs.Run(inputs));
        List<double> own = [], other = [];
        for (long start = Stopwatch.GetTimestamp(); own.Count < Fewest || Stopwatch.GetElapsedTime(start) < s_budget;)
        {
            own.Add(Measure(ours));
            other.Add(Measure(theirs));
        }
        double ms = Median(own), peer = Median(other);
        return string.Create(CultureInfo.InvariantCulture, $"{name,-44} {ms,11:0.00} {peer,14:0.00} {ms / peer,6:0.00} {apart,18:0.0e+0}");

        double Measure(IFloatSession session)
        {
            long start = Stopwatch.GetTimestamp();
            session.Run(inputs, static (_, _) => { });
            return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Tensor<float> Numbers(Shape shape) =>
            Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextSingle())]);
    }

    /// <summary>The largest over all values, each in terms of its largest magnitude.</summary>
    private static double Difference(IReadOnlyList<Tensor<float>> ours, IReadOnlyList<Tensor<float>> theirs) =>
        ours.Zip(theirs, (a, b) =>
        {
            double most = 1e-30, apart = 0;
            for (int i = 0; i < a.Length; i++)
            {
                most = Math.Max(most, Math.Abs(b.Data[i]));
                apart = Math.Max(apart, Math.Abs((double)a.Data[i] - b.Data[i]));
            }
            return apart / most;
        }).DefaultIfEmpty(0).Max();

    private static double Median(List<double> times) => times.Order().ElementAt(times.Count / 2);
}
