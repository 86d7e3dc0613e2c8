using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;
using CortexMl.Tests.Engines;
using CortexMl.Tests.Engines.Interpreter;
using CortexMl.Tests.Frontends.Onnx;

namespace CortexMl.Tests.Ops;

/// <summary>
/// One row with attributes and operand shapes, computed by the slow kernel of its level: double for float rows, wrapping integers else.
/// </summary>
internal sealed class RowInstance
{
    private readonly Operation _operation;
    private readonly InterpreterEngine? _engine;

    private RowInstance(Operation operation, InterpreterEngine? engine) => (_operation, _engine) = (operation, engine);

    public IReadOnlyList<Shape> Operands => [.. _operation.Operands.Select(o => o.Type.Shape)];

    public bool IsVariadic => _operation.Spec.Operands[0].Arity == Arity.Variadic;

    public Shape Result => _operation.Results[0].Type.Shape;

    /// <summary>Null where the row does not allow what was drawn.</summary>
    public static RowInstance? Draw(OpSpec row, int seed)
    {
        if (row.Levels.HasFlag(Level.Float))
            return RandomRowTests.Build(row, new Random(seed)) is { } graph ? new(graph.Operations[^1], null) : null;
        var drawn = OperatorGraphs.Of(row, seed).Operations[^1];
        var plain = Interpret.Graph(row, drawn.Attributes, [.. drawn.Operands.Select(o => o.Type.Shape)]);
        return new(plain.Operations[^1], new InterpreterEngine());
    }

    /// <summary>The step between numbers: whole ones for integers, quarters for floats.</summary>
    public double Unit => _engine is null ? 0.25 : 1;

    /// <summary>Multiples of the unit, from -9 to 9, which the level holds exactly.</summary>
    public double[][] Numbers(Random random)
    {
        int most = (int)(9 / Unit);
        return [.. Operands.Select(shape =>
            Enumerable.Range(0, (int)shape.Count).Select(_ => Unit * random.Next(-most, most + 1)).ToArray())];
    }

    /// <summary>The first result.</summary>
    public double[] Run(double[][] operands)
    {
        if (_engine is null) return NaiveKernels.Evaluate(_operation, Tensors(operands, x => x)).Data;
        using var executable = _engine.Prepare(Interpret.Graph(_operation.Spec, _operation.Attributes, [.. Operands]));
        return Array.ConvertAll(executable.Run(Tensors(operands, x => (int)x))[0].Data, x => (double)x);
    }

    private List<Tensor<T>> Tensors<T>(double[][] operands, Converter<double, T> convert)
        where T : unmanaged =>
        [.. operands.Zip(Operands, (data, shape) => Tensor.Create(shape, Array.ConvertAll(data, convert)))];

    public override string ToString() => $"{_operation.Spec.Name} of {string.Join(", ", Operands)} {_operation.Attributes}";
}
