using CortexMl.Diagnostics;
using CortexMl.Golden;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Prepare;

/// <summary>The golden cases of the prepare passes say what comes out; here: that it computes the same.</summary>
public sealed class GoldenFunctionTests
{
    /// <summary>The only one that changes the function.</summary>
    private const string Dropped = "drop-output-softmax";

    private static readonly HashSet<string> s_prepare = [.. Pipeline.Parse(DefaultPipeline.Prepare).Steps.Select(s => s.Pass)];

    public static TheoryData<string> Files => [.. GoldenFolders.Files(Repository.Path("golden", "passes"), new DiagnosticBag())
        .Select(f => Path.GetFileName(f))
            .Where(f => f != $"{Dropped}.cml" && s_prepare.Any(p => f.StartsWith(p, StringComparison.Ordinal)))];

    [Theory]
    [MemberData(nameof(Files))]
    public void What_comes_out_computes_the_same(string file)
    {
        foreach (var test in GoldenFile.Read(Repository.Path("golden", "passes", file)).Cases)
        {
            var before = TextParser.ParseOne(test.Input, file);
            if (before.Level != Level.Float || test.Expected is not { } expected || !expected.StartsWith("graph", StringComparison.Ordinal))
                continue;
            var after = TextParser.ParseOne(expected + "\n", file);
            Tensor<double>[] inputs = [.. before.Inputs.Select((input, i) => Numbers(input.Type.Shape, i))];
            var (wanted, found) = (NaiveEvaluator.Run(before, inputs), NaiveEvaluator.Run(after, inputs));
            for (int i = 0; i < wanted.Count; i++) Close(wanted[i], found[i], $"{file}:{test.Line}: output {i}");
        }
    }

    /// <summary>From -6 to 6, in no order.</summary>
    private static Tensor<double> Numbers(Shape shape, int seed) =>
        Tensor.Create(shape, [.. Enumerable.Range(0, (int)shape.Count).Select(i => Math.Sin(1 + i * 3 + seed) * 6)]);

    private static void Close(Tensor<double> wanted, Tensor<double> found, string where)
    {
        Assert.Equal(wanted.Shape, found.Shape);
        double allowed = 1e-5 * Math.Max(1, wanted.Data.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (int i = 0; i < wanted.Data.Length; i++)
            Assert.True(wanted.Data[i].Equals(found.Data[i]) || Math.Abs(wanted.Data[i] - found.Data[i]) <= allowed,
                $"{where}, element {i}: {wanted.Data[i]} became {found.Data[i]}");
    }
}
