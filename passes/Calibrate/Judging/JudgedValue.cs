using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Calibrate.Judging;

/// <summary>A value for which methods are compared: layers read it with 8 bits, and nobody with more.</summary>
/// <param name="Place">Among <see cref="Measurement.Values"/>.</param>
/// <param name="Readers">Convolutions and dense layers with constant weights, and pools of averages, whose data it is.</param>
/// <param name="Part">What stands for it.</param>
internal sealed record JudgedValue(Value Value, int Place, IReadOnlyList<Operation> Readers, ValuePart Part)
{
    public static IReadOnlyList<JudgedValue> In(Graph graph)
    {
        var narrow = new NarrowReaders(graph);
        var found = new List<JudgedValue>();
        foreach (var (place, value) in Measurement.Values(graph).Index())
        {
            if (value.IsInput || !narrow[value] || !Measurement.HasChannels(value)) continue;
            Operation[] readers = [.. value.Uses.Where(u => u.Index == 0 && IsJudge(u.User!)).Select(u => u.User!).Distinct()];
            if (readers.Length > 0 && ValuePart.Of(value, readers) is { } part) found.Add(new(value, place, readers, part));
        }
        return found;
    }

    private static bool IsJudge(Operation reader) =>
        AveragePools.IsConvolution(reader) || (reader.Spec.Is(OpTraits.Product) && reader["weight"].IsConstant);
}
