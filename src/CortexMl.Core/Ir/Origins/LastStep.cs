using System.Text.Json.Serialization;
using CortexMl.Numerics;

namespace CortexMl.Ir.Origins;

/// <summary>
/// What is left to do to an output to get what the network returns. A softmax that ends a network costs gas and bits in integers and keeps
/// the order of the scores: the compiled model returns its operand, the logits, and who reads them applies the softmax in float.
/// </summary>
/// <param name="Op"><see cref="Softmax"/> or <see cref="LogSoftmax"/>.</param>
/// <param name="Axis">Of <paramref name="Shape"/>, counted from the front: along it the step sums.</param>
/// <param name="Shape">What the step sees: the output's elements in their order; the network may have reshaped them afterwards.</param>
public sealed record LastStep(string Op, int Axis, IReadOnlyList<int> Shape)
{
    public const string Softmax = "softmax", LogSoftmax = "log_softmax";

    /// <summary>Whether the order of all elements is that of the operand's: one sum runs over all of them.</summary>
    [JsonIgnore]
    public bool KeepsOrder => Count(Shape) == Shape[Axis];

    /// <summary>Elements behind each other along <see cref="Axis"/> are so far apart.</summary>
    [JsonIgnore]
    public int Stride => (int)Count(Shape.Skip(Axis + 1));

    /// <summary>Whether it is a step that is known, on as many elements as the output has.</summary>
    public bool Fits(IEnumerable<int> output) =>
        Op is Softmax or LogSoftmax && Axis >= 0 && Axis < Shape.Count && Shape.All(dim => dim > 0) && Count(Shape) == Count(output);

    public override string ToString() => $"{Op} along axis {Numbers.Format(Axis)} of {Tensors.Shape.Of(Shape)}";

    /// <summary>Of elements; a file may say any shape, so a product that is too large stays at the greatest number.</summary>
    private static long Count(IEnumerable<int> shape) =>
        shape.Aggregate(1L, (count, dim) => dim > 0 && count > long.MaxValue / dim ? long.MaxValue : count * dim);
}
