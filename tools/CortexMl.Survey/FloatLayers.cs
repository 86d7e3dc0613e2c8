using System.Diagnostics;
using System.Globalization;
using CortexMl.Engines.Float;
using CortexMl.Engines.Float.MachineCode;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Survey;

/// <summary>Single products in floats: the portable engine with and without generated code, beside ONNX Runtime, one thread each.</summary>
internal static class FloatLayers
{
    private const int FewestTurns = 20;
    private static readonly TimeSpan s_budget = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Least times of turns, as billions of multiplications and additions a second, and the rate that registers alone allow.
    /// </summary>
    public static void Write(TextWriter output)
    {
        output.WriteLine($"{"layer",-34} {"peak",7} {"intrinsics",10} {"code",7} {"onnxruntime",11}   GFLOP/s");
        foreach (var (name, graph, products) in All())
        {
            using var intrinsics = new PortableEvaluator(threads: 1) { GeneratesCode = false }.Prepare(graph, graph.Outputs);
            using var code = new PortableEvaluator(threads: 1).Prepare(graph, graph.Outputs);
            using var peer = new FloatEvaluator(FloatOptions.Peer(1)).Prepare(graph, graph.Outputs);
            using var registers = TilePeak.OfWidest();
            IFloatSession[] sessions = [intrinsics, code, peer];
            double[] least = [double.MaxValue, double.MaxValue, double.MaxValue];
            Tensor<float>[] inputs = [.. graph.Inputs.Select(i => Numbers(i.Type.Shape))];
            double peak = 0;
            int turns = 0;
            for (long start = Stopwatch.GetTimestamp(); turns < FewestTurns || Stopwatch.GetElapsedTime(start) < s_budget; turns++)
            {
                for (int i = 0; i < sessions.Length; i++) least[i] = Math.Min(least[i], Seconds(sessions[i], inputs));
                if (registers is null) continue;
                long run = Stopwatch.GetTimestamp();
                registers.Run();
                peak = Math.Max(peak, 1e-9 * registers.Operations / Stopwatch.GetElapsedTime(run).TotalSeconds);
            }
            double[] rates = [.. least.Select(seconds => 2e-9 * products / seconds)];
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-34} {peak,7:0} {rates[0],10:0} {rates[1],7:0} {rates[2],11:0}"));
        }
    }

    private static IEnumerable<(string Name, Graph Graph, long Products)> All()
    {
        yield return Conv("3x3, 64 of 64, 56 x 56", 64, 64, 56, 3, 1);
        yield return Conv("3x3, 128 of 128, 28 x 28", 128, 128, 28, 3, 1);
        yield return Conv("3x3, 256 of 256, 14 x 14", 256, 256, 14, 3, 1);
        yield return Conv("3x3, 512 of 512, 7 x 7", 512, 512, 7, 3, 1);
        yield return Conv("3x3 by 2, 128 of 64, 56 x 56", 64, 128, 56, 3, 2);
        yield return Conv("7x7 by 2, 64 of 3, 224 x 224", 3, 64, 224, 7, 2);
        yield return Conv("1x1, 64 of 256, 56 x 56", 256, 64, 56, 1, 1);
        yield return Conv("1x1, 256 of 64, 56 x 56", 64, 256, 56, 1, 1);
        yield return Conv("1x1, 1024 of 256, 14 x 14", 256, 1024, 14, 1, 1);
        yield return Conv("1x1, 24 of 16, 112 x 112", 16, 24, 112, 1, 1);
        yield return Conv("depthwise 3x3, 128, 56 x 56", 128, 128, 56, 3, 1, groups: 128);
        yield return Dense("dense, 1 of 1024 to 1024", 1, 1024, 1024);
        yield return Dense("dense, 16 of 1024 to 1024", 16, 1024, 1024);
        yield return Dense("dense, 256 of 1024 to 1024", 256, 1024, 1024);
        yield return MatMul("matmul, 256 x 64 x 256", 256, 64, 256);
        yield return MatMul("matmul, 512 x 512 x 512", 512, 512, 512);
        yield return MatMul("matmul, 197 x 64 x 197, 6 times", 197, 64, 197, 6);
    }

    private static (string, Graph, long) Conv(string name, int channels, int outputs, int size, int kernel, int stride, int groups = 1)
    {
        var build = new GraphBuilder("conv", Level.Float);
        long border = kernel / 2;
        var weights = build.Constant("w", Numbers(Shape.Of(outputs, channels / groups, kernel, kernel)));
        var result = build.Op(NnConv.Conv2D, [build.Input("x", TensorType.Float(1, channels, size, size)), weights,
                build.Constant("b", Numbers(Shape.Of(outputs)))], Attributes.Empty.With("kernel", new long[] { kernel, kernel })
            .With("strides", new long[] { stride, stride }).With("padding", new long[] { border, border, border, border })
            .With("dilation", new long[] { 1, 1 }).With("groups", groups));
        build.Output(result);
        var graph = build.Build();
        return (name, graph, graph.Outputs[0].Type.Shape.Count * (channels / groups) * kernel * kernel);
    }

    private static (string, Graph, long) Dense(string name, int rows, int depth, int units)
    {
        var build = new GraphBuilder("dense", Level.Float);
        build.Output(build.Op(NnConv.Dense, [build.Input("x", TensorType.Float(rows, depth)),
            build.Constant("w", Numbers(Shape.Of(units, depth))), build.Constant("b", Numbers(Shape.Of(units)))]));
        return (name, build.Build(), (long)rows * depth * units);
    }

    private static (string, Graph, long) MatMul(string name, int rows, int depth, int columns, int times = 1)
    {
        var build = new GraphBuilder("matmul", Level.Float);
        build.Output(build.Op(NnConv.MatMul,
            [build.Input("a", TensorType.Float(times, rows, depth)), build.Input("b", TensorType.Float(times, depth, columns))]));
        return (name, build.Build(), (long)rows * depth * columns * times);
    }

    private static Tensor<float> Numbers(Shape shape)
    {
        var random = new Random(0);
        return Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextSingle() - 0.5f)]);
    }

    private static double Seconds(IFloatSession session, Tensor<float>[] inputs)
    {
        long start = Stopwatch.GetTimestamp();
        session.Run(inputs, static (_, _) => { });
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }
}
