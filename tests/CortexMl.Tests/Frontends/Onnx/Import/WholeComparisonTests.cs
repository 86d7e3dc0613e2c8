using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Whole numbers that integers found by different ways, at scales of their own, are the same where the network's are.</summary>
public sealed class WholeComparisonTests
{
    private const int Samples = 96, Float = 1;

    [Theory]
    [InlineData("Equal")]
    [InlineData("GreaterOrEqual")]
    [InlineData("Less")]
    public void Places_of_the_largest_of_three_and_of_seven(string op)
    {
        var model = Model(16, [1, 3],
            Node("ArgMax", "x", "i", Int("axis", 1)), Node("ArgMax", "z", "j", Int("axis", 1)), Node(op, "i j", "t"),
            Node("Cast", "t", "f", Int("to", Float)), Node("ReduceMean", "x", "m", Ints("axes", 1)), Node("Add", "f m", "y"));
        model.Graph.Input.Add(Info("z", [1, 7]));
        using var folder = new TemporaryFolder();
        string net = folder.Write("model.onnx", model.ToByteArray());
        using (var file = File.Create(folder["data.npz"])) NpzWriter.Write(file, [("x", Numbers(3, 1)), ("z", Numbers(7, 2))]);
        var compiled = CliRun.Of("compile", net, "-o", folder["out"], "--data", folder["data.npz"], "--quiet");
        Assert.True(compiled.Exit == 0, compiled.Error);
        // One wrong answer of all would leave 17 and less.
        Assert.InRange(MeasuredNoise.Of(net, folder["out"], "--data", folder["data.npz"]).Decibels, 30, 100);
    }

    /// <summary>Rows of different numbers between -1 and 1, which eight bits tell apart.</summary>
    private static Tensor<float> Numbers(int columns, int seed)
    {
        var random = new Random(seed);
        float[] all = [.. Enumerable.Range(0, 4 * columns).Select(i => (i / (2f * columns)) - 1)];
        var numbers = new List<float>();
        for (int sample = 0; sample < Samples; sample++)
        {
            random.Shuffle(all);
            numbers.AddRange(all.Take(columns));
        }
        return Tensor.Create(Shape.Of(Samples, columns), [.. numbers]);
    }
}
