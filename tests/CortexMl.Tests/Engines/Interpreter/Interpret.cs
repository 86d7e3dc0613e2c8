using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Interpreter;

/// <summary>Runs one operator on given tensors.</summary>
internal static class Interpret
{
    public static readonly InterpreterOptions ReferenceCpu = new() { Profile = InterpreterProfile.ReferenceCpu };

    /// <summary>A graph of one operator whose operands are its inputs, all of precision 8 whatever they will hold.</summary>
    public static Graph Graph(OpSpec row, Attributes attributes, params Shape[] operands)
    {
        var build = new GraphBuilder("one", Level.Cvm);
        var inputs = operands.Select((shape, i) => build.Input($"x{i}", TensorType.Integer(8, shape))).ToList();
        foreach (var result in build.Operation(row, inputs, attributes).Results) build.Output(result);
        return build.Build();
    }

    public static IReadOnlyList<Tensor<int>> Results(
        InterpreterOptions options, OpSpec row, Attributes attributes, params Tensor<int>[] operands)
    {
        using var executable = new InterpreterEngine(options).Prepare(Graph(row, attributes, [.. operands.Select(o => o.Shape)]));
        return executable.Run(operands);
    }

    public static Tensor<int> Op(OpSpec row, Attributes attributes, params Tensor<int>[] operands) =>
        Results(new InterpreterOptions(), row, attributes, operands)[0];

    public static Tensor<int> Reference(OpSpec row, Attributes attributes, params Tensor<int>[] operands) =>
        Results(ReferenceCpu, row, attributes, operands)[0];

    public static int[] Op(OpSpec row, Attributes attributes, params int[] elements) => Op(row, attributes, Tensor.Vector(elements)).Data;

    public static int[] Reference(OpSpec row, Attributes attributes, params int[] elements) =>
        Reference(row, attributes, Tensor.Vector(elements)).Data;
}
