using System.Collections.Concurrent;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

/// <summary>
/// Operators with attributes and shapes that nobody would write: a row refuses them in its own words, or the kernel runs.
/// </summary>
public class HostileOperatorTests
{
    private const int Least = 40;

    private sealed record Case(OpSpec Row, Attributes Attributes, int[][] Dims);

    private static readonly long[] Extremes = [int.MinValue, int.MaxValue, long.MinValue, long.MaxValue, 1L << 24, 1L << 31];

    private static readonly Gen<long> AnyLong =
        Gen.OneOf(Gen.Long[-4, 8], Gen.Long[-5000, 5000], Gen.OneOf([.. Extremes.Select(Gen.Const)]));

    private static readonly Gen<int[]> AnyDims = Gen.OneOf(Gen.Int[1, 4].Array[1, 5], Gen.Int[0, 3].Array[0, 8]);

    private static Gen<AttributeValue> Values(AttributeSpec spec) => spec.Kind switch
    {
        AttributeKind.Int => AnyLong.Select(v => (AttributeValue)v),
        AttributeKind.Bool => Gen.Bool.Select(v => (AttributeValue)v),
        AttributeKind.Text =>
            Gen.OneOf([.. (spec.Choices ?? ["NCHW", "__undef__", "OIHW", "", "nchw4", "\0"]).Select(v => Gen.Const((AttributeValue)v))]),
        _ => Gen.OneOf(Gen.Long[0, 4].Array[0, 5], AnyLong.Array[0, 8]).Select(v => (AttributeValue)v),
    };

    private static Gen<Attributes> AttributesOf(OpSpec row) => row.Attributes.Aggregate(Gen.Const(Attributes.Empty), (all, spec) =>
        Gen.Select(all, Values(spec), Gen.Int[0, 3]).Select((attributes, value, choice) =>
            choice > 0 && (spec.Required || choice == 1) ? attributes.With(spec.Name, value) : attributes));

    // Operands of one shape half the time, which several rows demand.
    private static Gen<int[][]> OperandsOf(OpSpec row) =>
        Gen.Select(AnyDims.Array[Math.Max(1, row.MinOperands), Math.Min(4, row.MaxOperands)], Gen.Bool)
            .Select((operands, alike) => alike ? [.. operands.Select(_ => operands[0])] : operands);

    private static Gen<Case> Wild(OpSpec row) =>
        Gen.Select(AttributesOf(row), OperandsOf(row)).Select((attributes, dims) => new Case(row, attributes, dims));

    // An operation that runs, of which at most one attribute, one dimension or one operand is spoilt.
    private static Gen<Case> Spoilt(OpSpec row)
    {
        var sound = Gen.Int[0, 499].Select(seed => Sound(row, seed));
        Gen<(string Name, AttributeValue Value)>[] values = [.. row.Attributes.Select(spec => Values(spec).Select(v => (spec.Name, v)))];
        var attribute = values.Length == 0 ? sound
            : Gen.Select(sound, Gen.OneOf(values)).Select((c, a) => c with { Attributes = c.Attributes.With(a.Name, a.Value) });
        var dimension = Gen.Select(sound, Gen.Int[0, 99], Gen.Int[0, 6])
            .Select((c, place, dim) => c with { Dims = WithDimension(c.Dims, place, dim) });
        var operand = Gen.Select(sound, Gen.Int[0, 99], AnyDims)
            .Select((c, place, dims) => c with { Dims = [.. c.Dims.Select((d, i) => i == place % c.Dims.Length ? dims : d)] });
        return Gen.OneOf(sound, attribute, dimension, operand);
    }

    private static Case Sound(OpSpec row, int seed)
    {
        var operation = OperatorGraphs.Of(row, seed).Operations[^1];
        return new(row, operation.Attributes, [.. operation.Operands.Select(o => o.Type.Shape.ToArray())]);
    }

    private static int[][] WithDimension(int[][] operands, int place, int dim)
    {
        int[][] copy = [.. operands.Select(dims => dims.ToArray())];
        int[] spoilt = copy[place % copy.Length];
        if (spoilt.Length > 0) spoilt[place % spoilt.Length] = dim;
        return copy;
    }

    private static readonly IReadOnlyList<OpSpec> s_rows = [.. OpTable.Rows.Where(row => row.CvmName is not null)];

    private static readonly Gen<Case> Cases = Gen.OneOf([.. s_rows.Select(row => Gen.OneOf(Wild(row), Spoilt(row)))]);

    [Fact]
    public void Row_refuses_or_kernel_runs()
    {
        var ran = new ConcurrentDictionary<OpSpec, int>();
        var refused = new ConcurrentDictionary<OpSpec, int>();
        Cases.Sample(c =>
        {
            Graph graph;
            try
            {
                graph = Interpret.Graph(c.Row, c.Attributes, [.. c.Dims.Select(dims => Shape.Of(dims))]);
            }
            catch (RuleException error)
            {
                Assert.False(string.IsNullOrWhiteSpace(error.Message), c.Row.Name);
                refused.AddOrUpdate(c.Row, 1, (_, count) => count + 1);
                return;
            }
            if (graph.Outputs.Sum(output => output.Type.Shape.Count) > 20_000) return;
            foreach (var profile in Enum.GetValues<InterpreterProfile>())
            {
                if (c.Row == CvmUnary.CvmLeftShift && profile == InterpreterProfile.ReferenceCpu) continue;
                using var executable = new InterpreterEngine(new InterpreterOptions { Profile = profile }).Prepare(graph);
                var shapes = graph.Inputs.Select(input => input.Type.Shape);
                var inputs = shapes.Select(shape => Tensor.Create(shape, [.. Enumerable.Range(-3, (int)shape.Count)])).ToList();
                Assert.Equal(graph.Outputs.Select(output => output.Type.Shape), executable.Run(inputs).Select(result => result.Shape));
            }
            ran.AddOrUpdate(c.Row, 1, (_, count) => count + 1);
        }, iter: 20_000);
        // Of each row some 500 cases: 100 and more run, of convolutions too, and 100 and more are refused.
        Assert.Empty(s_rows.Where(row => ran.GetValueOrDefault(row) < Least).Select(row => $"{row.Name} ran too rarely"));
        Assert.Empty(s_rows.Where(row => refused.GetValueOrDefault(row) < Least).Select(row => $"{row.Name} refused too rarely"));
    }
}
