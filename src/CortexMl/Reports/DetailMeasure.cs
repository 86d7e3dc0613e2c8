using CortexMl.Analysis;
using CortexMl.Cvm;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Reports;

/// <summary>Makes the details of a report: from the emitted graph, what its passes called its values, and a few samples.</summary>
internal static class DetailMeasure
{
    /// <param name="compiled">As read back from symbol and params.</param>
    /// <param name="values">Names of the first results of its operations in model.cml, constants apart, in their order.</param>
    /// <param name="layers">The values of the loaded network that they belong to.</param>
    public static IReadOnlyList<OperationCost> Costs(Graph compiled, IReadOnlyList<string> values, IReadOnlyList<string> layers)
    {
        var (counted, operations) = (new HashSet<Operation>(), Operations(compiled));
        // An output that is a constant is computed in the symbol: then names are those that it has there.
        if (operations.Count != values.Count)
            (values, layers) = ([.. operations.Select(o => Names.Of(compiled)[o.Results[0]])], LayerNames.Of(compiled));
        return [.. operations.Select((operation, i) =>
        {
            // A constant belongs to the first that reads it.
            Operation[] constants =
                [.. operation.Operands.Where(o => o.IsConstant).Select(o => o.Producer!).Where(counted.Add)];
            long gas = CvmGas.Of(operation) + constants.Sum(CvmGas.Of);
            return new OperationCost(values[i], operation.Spec.CvmName!, layers[i], gas, constants.Sum(Bytes));
        })];
    }

    /// <param name="samples">On which the used ranges are measured; empty for none.</param>
    public static IReadOnlyList<SumRange> Sums(
        Model compiled, IReadOnlyList<OperationCost> costs, IReadOnlyList<Sample> samples, CancellationToken cancellation)
    {
        var proven = Intervals.Of(compiled.Graph);
        List<(Value Value, OperationCost Cost)> sums =
            [.. Operations(compiled.Graph).Zip(costs).Where(o => Grows(o.First)).Select(o => (o.First.Results[0], o.Second))];
        var used = samples.Count == 0 ? [] : InnerValues.Ranges(compiled, [.. sums.Select(s => s.Value)], samples, cancellation);
        return [.. sums.Select((sum, i) =>
        {
            var range = proven[sum.Value].All;
            return new SumRange(
                Value: sum.Cost.Value, Operator: sum.Cost.Operator, Layer: sum.Cost.Layer, Precision: sum.Value.Type.Precision,
                Low: range.Lo, High: range.Hi)
            {
                UsedLow = used.Count > 0 ? used[i].Low : null, UsedHigh = used.Count > 0 ? used[i].High : null,
            };
        })];
    }

    public static IReadOnlyList<Operation> Operations(Graph graph) => [.. graph.Operations.Where(o => o.Constant is null)];

    /// <summary>Whether arithmetic made a number longer: products, sums, and shifts to the left.</summary>
    private static bool Grows(Operation operation) => operation.Results[0].Type is { Element.IsInteger: true } type
        && operation.Operands.All(o => o.Type.Precision < type.Precision);

    private static long Bytes(Operation constant) =>
        constant.Results[0].Type.Shape.Count * (constant.Results[0].Type.Precision <= 8 ? 1 : sizeof(int));
}
