using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Interpreter;

/// <summary>Operators with attributes and shapes that nobody would write: a row refuses them in its own words, or the kernel runs.</summary>
public class HostileOperatorTests
{
    private static readonly long[] Extremes = [int.MinValue, int.MaxValue, long.MinValue, long.MaxValue, 1L << 24, 1L << 31];

    private static readonly Gen<long> AnyLong = Gen.OneOf(Gen.Long[-4, 8], Gen.Long[-5000, 5000], Gen.OneOf([.. Extremes.Select(Gen.Const)]));

    private static readonly Gen<int[]> AnyDims = Gen.OneOf(Gen.Int[1, 4].Array[1, 5], Gen.Int[0, 3].Array[0, 8]);

    private static Gen<AttributeValue> Values(AttributeSpec spec) => spec.Kind switch
    {
        AttributeKind.Int => AnyLong.Select(v => (AttributeValue)v),
        AttributeKind.Bool => Gen.Bool.Select(v => (AttributeValue)v),
        AttributeKind.Text => Gen.OneOf([.. (spec.Choices ?? ["NCHW", "__undef__", "OIHW", "", "nchw4", "\0"]).Select(v => Gen.Const((AttributeValue)v))]),
        _ => Gen.OneOf(Gen.Long[0, 4].Array[0, 5], AnyLong.Array[0, 8]).Select(v => (AttributeValue)v),
    };

    private static Gen<Attributes> AttributesOf(OpSpec row) => row.Attributes.Aggregate(Gen.Const(Attributes.Empty), (all, spec) =>
        Gen.Select(all, Values(spec), Gen.Int[0, 3]).Select((attributes, value, choice) =>
            choice > 0 && (spec.Required || choice == 1) ? attributes.With(spec.Name, value) : attributes));

    // Operands of one shape half the time, which several rows demand.
    private static Gen<int[][]> OperandsOf(OpSpec row) =>
        Gen.Select(AnyDims.Array[Math.Max(1, row.MinOperands), Math.Min(4, row.MaxOperands)], Gen.Bool)
            .Select((operands, alike) => alike ? [.. operands.Select(_ => operands[0])] : operands);

    private static readonly Gen<(OpSpec Row, Attributes Attributes, int[][] Dims)> Cases =
        Gen.OneOf([.. OpTable.Rows.Where(row => row.CvmName is not null).Select(row =>
            Gen.Select(Gen.Const(row), AttributesOf(row), OperandsOf(row)))]);

    [Fact]
    public void Row_refuses_or_kernel_runs() => Cases.Sample(c =>
    {
        Graph graph;
        try
        {
            graph = Interpret.Graph(c.Row, c.Attributes, [.. c.Dims.Select(dims => Shape.Of(dims))]);
        }
        catch (RuleException)
        {
            return;
        }
        if (graph.Outputs.Sum(output => output.Type.Shape.Count) > 20_000) return;
        foreach (var profile in Enum.GetValues<InterpreterProfile>())
        {
            if (c.Row == CvmUnary.CvmLeftShift && profile == InterpreterProfile.ReferenceCpu) continue;
            using var executable = new InterpreterEngine(new InterpreterOptions { Profile = profile }).Prepare(graph);
            var inputs = graph.Inputs.Select(input => Tensor.Create(input.Type.Shape, [.. Enumerable.Range(-3, (int)input.Type.Shape.Count)])).ToList();
            Assert.Equal(graph.Outputs.Select(output => output.Type.Shape), executable.Run(inputs).Select(result => result.Shape));
        }
    }, iter: 20_000);
}
