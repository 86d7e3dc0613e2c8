using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Passes.Target;

public sealed class PlanStorageTests
{
    [Fact]
    public void Running_in_the_shared_slots_gives_what_separate_storage_gives() =>
        Gen.Select(GraphGenerator.At(Level.Cvm), Gen.Int[0, int.MaxValue]).Sample((graph, seed) =>
        {
            if (graph.Outputs.Any(o => o.IsConstant)) return;
            var random = new Random(seed);
            Tensor<int>[] inputs = [.. graph.Inputs.Select(i => Tensor.Create(i.Type.Shape, Numbers(i.Type, random)))];
            var expected = Run(graph, null, inputs);
            new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("plan-storage"));
            var actual = Run(graph, Planned(graph), inputs);
            for (int i = 0; i < expected.Count; i++) Assert.True(expected[i].Data.SequenceEqual(actual[i].Data), TextPrinter.Print(graph));
        }, iter: 1000);

    [Fact]
    public void A_chain_of_equal_shapes_runs_in_two_slots()
    {
        var build = new GraphBuilder("chain", Level.Cvm);
        var value = build.Input("x", TensorType.Integer(8, Shape.Of(1, 100)));
        for (int i = 0; i < 20; i++) value = build.Op(CvmUnary.Negative, [value]);
        build.Output(value);
        var graph = build.Build();
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("plan-storage"));
        Assert.Equal(2, graph.Operations.Select(Slot).Distinct().Count());
    }

    private static long Slot(Operation operation) => ((AttributeValue.Ints)operation.Attributes[RowCheck.Slot.Name]!).Value[0];

    /// <summary>The slots of the attributes; inputs and constants get fresh ones behind them, as the emitter does it.</summary>
    private static StoragePlan Planned(Graph graph)
    {
        var slots = new Dictionary<Value, int>();
        foreach (var operation in graph.Operations.Where(o => o.Constant is null))
        {
            var given = ((AttributeValue.Ints)operation.Attributes[RowCheck.Slot.Name]!).Value;
            for (int i = 0; i < given.Length; i++) slots[operation.Results[i]] = (int)given[i];
        }
        int next = slots.Values.Append(-1).Max() + 1;
        foreach (var variable in graph.Inputs.Concat(graph.Constants.Select(c => c.Result))) slots[variable] = next++;
        var sizes = new long[next];
        foreach (var (value, slot) in slots) sizes[slot] = Math.Max(sizes[slot], value.Type.Shape.Count);
        return new StoragePlan(slots, sizes);
    }

    private static IReadOnlyList<Tensor<int>> Run(Graph graph, StoragePlan? plan, IReadOnlyList<Tensor<int>> inputs)
    {
        using var executable = new InterpreterEngine().Prepare(graph, plan);
        return executable.Run(inputs);
    }

    private static int[] Numbers(TensorType type, Random random)
    {
        long bound = type.Element.Bound;
        return [.. Enumerable.Range(0, (int)type.Shape.Count).Select(_ => (int)random.NextInt64(-bound, bound + 1))];
    }
}
