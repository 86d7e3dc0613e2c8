using CortexMl.Diagnostics;
using CortexMl.Engines.Float;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx;

/// <summary>Every float row with whatever shapes and attributes its rule allows runs on ONNX Runtime, optimised or not with the same
/// numbers.</summary>
public class RandomRowTests
{
    private const int Attempts = 2000, MostRun = 60;

    private static readonly int[][] s_shapes = [[], [1], [3], [2, 3], [3, 2], [1, 4, 4], [2, 4, 6], [1, 1, 1, 1], [1, 2, 4, 4], [4, 2, 3,
        3], [2, 2, 1, 3], [1, 1, 2, 2, 3]];

    public static TheoryData<string> Rows => [.. OpTable.Rows.Where(OnnxExporter.Supports).Select(r => r.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Whatever_a_rule_allows_runs(string name)
    {
        var row = OpTable.Rows.Single(r => r.Name == name);
        var random = new Random(5);
        int run = 0;
        for (int i = 0; i < Attempts && run < MostRun; i++)
        {
            if (Build(row, random) is not { } graph) continue;
            float[] plain = FloatRuns.Check(graph, FloatOptions.Calibration), optimised = FloatRuns.Check(graph, FloatOptions.Evaluation);
            for (int at = 0; at < plain.Length; at++)
                if (float.IsFinite(plain[at]))
                    Assert.True(Math.Abs(plain[at] - optimised[at]) <= 1e-4 * Math.Max(1, Math.Abs(plain[at])),
                        $"{at}: {plain[at]} and {optimised[at]}: {TextPrinter.Print(graph)}");
            run++;
        }
        Assert.True(run > 0, "no attempt fits the rule");
    }

    /// <summary>A graph of one operation, or null where the row does not allow what was drawn.</summary>
    internal static Graph? Build(OpSpec row, Random random)
    {
        var build = new GraphBuilder("row", Level.Float);
        var first = row == NnDetection.NonMaxSuppression ? Shape.Of(4, 4) : Shape.Of(Pick(s_shapes));
        int count = row.Operands[^1].Arity switch
        {
            Arity.One => row.Operands.Count,
            Arity.Optional => row.Operands.Count - random.Next(2),
            _ => random.Next(1, 4),
        };
        // The shapes that rows ask of their parameters: the same, one for each channel, or anything.
        Value[] operands = [.. Enumerable.Range(0, count)
            .Select(i => build.Input($"x{i}", TensorType.Float(i == 0 ? first : random.Next(3) switch
        {
            0 => first, 1 => Shape.Of(first.Rank > 1 ? first[1] : 1), _ => Shape.Of(Pick(s_shapes)),
        })))];
        var attributes = Attributes.Empty;
        foreach (var attribute in row.Attributes.Where(a =>
            a.Required || random.Next(2) == 0)) attributes = attributes.With(attribute.Name, Value(attribute, first));
        try
        {
            build.Output(build.Op(row, operands, attributes));
            var graph = build.Build();
            Verifier.Check(graph).ThrowIfErrors();
            return graph;
        }
        catch (Exception error) when (error is RuleException or DiagnosticException)
        {
            return null;
        }

        AttributeValue Value(AttributeSpec attribute, Shape shape) => attribute.Kind switch
        {
            AttributeKind.Int => random.Next((int)Math.Max(-2, attribute.Min ?? -2), 6),
            AttributeKind.Float => Pick([-1.0, 0.0, 0.5, 1.0, 2.0]),
            AttributeKind.Bool => random.Next(2) == 0,
            AttributeKind.Text => Pick(attribute.Choices!.ToArray()),
            _ => (long[])[.. Enumerable.Range(0, attribute.Count ?? Pick([shape.Rank, shape.Rank, 1, 2, 4]))
                .Select(_ => (long)random.Next((int)Math.Max(-1, attribute.Min ?? -1), (int)Math.Max(5, (attribute.Min ?? -1) + 1)))],
        };

        T Pick<T>(T[] from) => from[random.Next(from.Length)];
    }
}
