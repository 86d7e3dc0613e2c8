using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Auditing;

/// <summary>A single layer of a model, executed on given operands.</summary>
internal static class LayerRun
{
    /// <param name="open">The results of the layer at a place, those that the operation reads.</param>
    public static IReadOnlyList<Tensor<int>> Execute(Model model, Operation operation, Func<int, IReadOnlyList<Tensor<int>>> open)
    {
        var build = new GraphBuilder("layer", Level.Cvm);
        var given = new List<Tensor<int>>();
        var stand = new Dictionary<Value, Value>();
        Value[] operands = [.. operation.Operands.Select(StandIn)];
        foreach (var result in build.Operation(operation.Spec, operands, operation.Attributes).Results) build.Output(result);
        using var executable = new InterpreterEngine(new InterpreterOptions { MaxBytes = model.MaxMemory }).Prepare(build.Build());
        return executable.Run(given);

        Value StandIn(Value operand)
        {
            if (stand.TryGetValue(operand, out var known)) return known;
            if (operand.Constant is { } constant)
                return stand[operand] = build.Constant("constant", constant, operand.Type);
            given.Add(open(PlaceOf(operand))[operand.Index]);
            return stand[operand] = build.Input("operand", TensorType.Integer(operand.Type.Precision, operand.Type.Shape));
        }

        int PlaceOf(Value value) => value.Producer is null ? 0
            : 1 + model.Graph.Operations.Where(o => o.Constant is null).TakeWhile(o => o != value.Producer).Count();
    }
}
