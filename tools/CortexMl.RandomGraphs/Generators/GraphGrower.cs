using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.RandomGraphs;

/// <summary>Grows one graph: inputs, then operations that happen to fit, over what is there and over new constants.</summary>
internal sealed class GraphGrower(Choices choices, Level level)
{
    private static readonly string[] Names =
        ["x", "conv0", "weird name", "0", "12", "stage1/add:0", "a//b", "a:b", "tab\tnew\nline", "", "ünï", "quote\"\\",
            "trailing-", "graph", "1x"];

    private static readonly Shape[] Shapes =
        [Shape.Of(1, 4, 6, 6), Shape.Of(2, 3), Shape.Of(5), Shape.Scalar, Shape.Of(1, 4, 1, 1), Shape.Of(1, 3, 8, 8),
            Shape.Of(4), Shape.Of(3, 4, 2)];

    private static readonly OpSpec[] Rows = [.. OpTable.Rows];

    private const int MaxElements = 100_000;

    private readonly GraphBuilder _build = new(choices.Of(Names), level);
    private readonly AttributeGrower _attributes = new(choices);
    private readonly ConstantGrower _constants = new(choices, level);
    private readonly TypeGrower _types = new(choices, level);
    private readonly List<Value> _values = [];

    public Graph Grow()
    {
        var rows = Rows.Where(r => r.Levels.HasFlag(level)).ToArray();
        for (int inputs = 1 + choices.Next(3); inputs > 0; inputs--)
            _values.Add(_build.Input(choices.Of(Names), _types.Known(_types.Element(choices.Of(Shapes)), mustScale: level == Level.Quant)));
        while (choices.More) Step(choices.OneIn(4) ? choices.Of(Layers()) : choices.Of(rows));
        if (choices.OneIn(2))
            _build.SetAttributes(
                Attributes.Of(("postprocess", "argmax"), ("note", choices.Of(Names)), ("rate", 1e30), ("dims", new long[] { 1, -2 })));
        var outputs = Enumerable.Range(0, choices.Next(3)).Select(_ => choices.Of(_values)).Append(_values[^1]).ToList();
        foreach (var output in outputs)
        {
            if (level == Level.Cvm && !output.IsInput)
                _build.SetType(output, _types.Known(output.Type with { Scale = null }, mustScale: false));
            _build.Output(output);
        }
        return _build.Build();
    }

    private OpSpec[] Layers() => level == Level.Float
        ? [NnConv.Conv2D, NnConv.Dense, NnConv.BatchNorm, NnUnary.Relu, NnPool.MaxPool2D, NnShape.Flatten]
        : [CvmConv.Conv2D, CvmConv.Dense, CvmUnary.Relu, CvmUnary.CvmRightShift, CvmPool.MaxPool2D, CvmShape.Flatten];

    private void Step(OpSpec spec)
    {
        var data = choices.Of(_values);
        var operands = new List<Value>();
        int most = Math.Min(spec.MaxOperands, spec.Operands.Count + 1);
        int count = spec.MinOperands + choices.Next(most - spec.MinOperands + 1);
        for (int i = 0; i < count; i++) operands.Add(i == 0 ? data : Operand(spec, i, data));
        var attributes = _attributes.For(spec, operands[0].Type.Shape);
        if (Infer(spec, operands, attributes) is not { } types) return;
        var names = types.Select(_ => choices.OneIn(3) ? choices.Of(Names) : null).ToList();
        if (choices.OneIn(8)) attributes = attributes.With("slot", types.Select((_, i) => i).ToArray());
        var results = _build.Operation(spec, operands, attributes, names).Results;
        foreach (var result in results)
            if (level != Level.Cvm) _build.SetType(result, _types.Known(result.Type, mustScale: level == Level.Quant));
        _values.AddRange(results);
    }

    /// <summary>Another value, or a constant of a shape that the row may like.</summary>
    private Value Operand(OpSpec spec, int index, Value data)
    {
        if (choices.OneIn(3)) return choices.Of(_values);
        var shape = data.Type.Shape;
        int channels = shape.Rank > 1 ? shape[1] : 1;
        var liked = spec.Operands[Math.Min(index, spec.Operands.Count - 1)].Name switch
        {
            "weight" => shape.Rank == 4 ? Shape.Of(2, channels, 3, 3) : Shape.Of(6, shape.Rank > 0 ? shape[^1] : 1),
            "bias" => Shape.Of(shape.Rank == 4 ? 2 : 6),
            "gamma" or "beta" or "mean" or "var" or "slope" => Shape.Of(channels),
            _ => choices.OneIn(3) ? Shape.Scalar : shape,
        };
        var type = _types.Element(liked);
        if (level == Level.Quant) type = _types.Known(type, mustScale: false);
        return _build.Constant(choices.Of(Names), _constants.Of(type), type);
    }

    private static IReadOnlyList<TensorType>? Infer(OpSpec spec, IReadOnlyList<Value> operands, Attributes attributes)
    {
        try
        {
            var types = spec.Infer(new ProposedOperation(spec, [.. operands.Select(o => o.Type)], attributes));
            return types.All(t => t.Shape.Count <= MaxElements) ? types : null;
        }
        catch (RuleException)
        {
            return null;
        }
    }
}
