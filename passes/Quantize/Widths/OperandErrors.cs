using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>
/// What 8 bits of the operands of a product of two values make wrong at its result: the first is the data, the second the weights.
/// </summary>
internal static class OperandErrors
{
    /// <summary>The values that a layer's error is made of.</summary>
    public static IEnumerable<Value> Read(Operation layer) =>
        layer.Spec == NnConv.MatMul ? layer.Operands.Where(o => !o.IsConstant) : [layer["data"]];

    /// <param name="values">The numbers of each sample.</param>
    public static LayerError[] Of(Operation product, IReadOnlyList<Func<Value, Tensor<float>>> values, IFloatEvaluator evaluator)
    {
        var errors = Errors(product);
        using var session = evaluator.Prepare(errors, [.. errors.Outputs]);
        return [.. values.Select(numbers =>
        {
            Tensor<float> a = Numbers(product["a"], numbers), b = Numbers(product["b"], numbers);
            var found = session.Run([Rest(product["a"], a), a, Rest(product["b"], b), b]);
            return new LayerError(
                LayerError.Both(found[0], found[1]), LayerError.Power(found[0].Data), LayerError.Power(found[1].Data), 0);
        })];
    }

    //  (rest of %a) · %b, %a · (rest of %b)
    private static Graph Errors(Operation product)
    {
        var build = new GraphBuilder("errors", Level.Float);
        Value Input(string name, Value like) => build.Input(name, TensorType.Float(like.Type.Shape));
        Value lostA = Input("lost_a", product["a"]), a = Input("a", product["a"]),
            lostB = Input("lost_b", product["b"]), b = Input("b", product["b"]);
        build.Output(build.Operation(NnConv.MatMul, [lostA, b]).Result);
        build.Output(build.Operation(NnConv.MatMul, [a, lostB]).Result);
        return build.Build();
    }

    private static Tensor<float> Numbers(Value value, Func<Value, Tensor<float>> numbers) =>
        value.Constant is { } constant ? (Tensor<float>)constant.Tensor : numbers(value);

    /// <summary>Nothing of what has 8 bits anyway: that is not for the product to mend.</summary>
    private static Tensor<float> Rest(Value value, Tensor<float> numbers) => LayerWidth.IsInput(value)
        ? Tensor.Zeros<float>(numbers.Shape) : LayerError.Rest(numbers, Demands.Narrow(value).Units);
}
