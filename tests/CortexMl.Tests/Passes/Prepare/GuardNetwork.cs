using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Tests.Passes.Prepare;

/// <summary>
/// Networks from a seed that come near to what a pass rewrites and must be left alone: each guard of a rule is met as often as what it
/// lets through. Beside <see cref="RandomNetwork"/>, which has the usual.
/// </summary>
internal sealed class GuardNetwork
{
    private readonly Random _random;
    private readonly GraphBuilder _build = new("net", Level.Float);

    private GuardNetwork(int seed) => _random = new Random(seed);

    public static Graph Of(int seed) => new GuardNetwork(seed).Build(seed % 7);

    private Graph Build(int kind)
    {
        // As many columns as rows as channels, or one less: lengths alone tell nothing.
        int rows = _random.Next(3, 5), columns = _random.Next(3, 5);
        var x = _build.Input("x", TensorType.Float(1, 4, rows, columns));
        var value = kind switch
        {
            0 => PerColumn(x),
            1 => OtherAxis(x),
            2 => BelowZero(x),
            3 => WidePadding(x),
            4 => PaddedTwice(x),
            5 => Enlarged(x),
            _ => TwoInputs(x),
        };
        _build.Output(value);
        return _build.Build();
    }

    /// <summary>A number for each channel, row or column, before or behind a layer.</summary>
    private Value PerColumn(Value x)
    {
        bool isBehind = _random.Next(2) == 0;
        if (isBehind) x = Convolution(x);
        int axis = _random.Next(1, 4);
        int[] shape = [1, 1, 1, 1];
        shape[axis] = x.Type.Shape[axis];
        OpSpec[] rows = [NnBinary.Add, NnBinary.Mul, NnBinary.Sub];
        x = _build.Op(rows[_random.Next(rows.Length)], [x, Constant("c", [.. shape.Skip(_random.Next(Math.Min(axis, 3) + 1))])]);
        return isBehind ? x : Convolution(x);
    }

    private Value OtherAxis(Value x)
    {
        if (_random.Next(3) > 0) x = Convolution(x);
        int axis = _random.Next(1, 4), length = x.Type.Shape[axis];
        var variance = Tensor.Create(Shape.Of(length), Enumerable.Range(0, length).Select(_ => 0.5f + _random.NextSingle()).ToArray());
        return _build.Op(NnConv.BatchNorm,
            [x, Constant("gamma", length), Constant("beta", length), Constant("mean", length), _build.Constant("var", variance)],
            Attributes.Of(("axis", axis)));
    }

    /// <summary>A relu, or a clip, behind a function that may be below zero and one that is not.</summary>
    private Value BelowZero(Value x)
    {
        OpSpec[] functions = [NnUnary.Softsign, NnUnary.Tanh, NnUnary.Erf, NnUnary.Neg, NnUnary.Relu, NnUnary.Exp, NnUnary.Abs];
        x = Op(functions[_random.Next(functions.Length)], x);
        if (_random.Next(3) == 0) x = Pool(x, NnPool.MaxPool2D, 2, 0);
        return _random.Next(2) == 0 ? Op(NnUnary.Relu, x) : Op(NnUnary.Clip, x, ("min", 0.0), ("max", 0.75));
    }

    /// <summary>A window as large as the image, or whose padding is, and may count.</summary>
    private Value WidePadding(Value x)
    {
        int size = Math.Min(x.Type.Shape[2], x.Type.Shape[3]), padding = _random.Next(0, size + 1);
        int kernel = _random.Next(Math.Max(padding + 1, size - 1), size + padding + 1);
        return Pool(x, _random.Next(2) == 0 ? NnPool.MaxPool2D : NnPool.AvgPool2D, kernel, padding);
    }

    /// <summary>A pad before a pool or a convolution that pads, too.</summary>
    private Value PaddedTwice(Value x)
    {
        if (_random.Next(3) == 0) x = Op(NnUnary.Relu, x);
        int pad = _random.Next(1, 4);
        x = Op(NnShape.Pad, x, ("before", new[] { 0, 0, pad, _random.Next(2) }), ("after", new[] { 0, 0, _random.Next(2), pad }),
            ("value", _random.Next(4) == 0 ? 1.0 : 0.0));
        int kernel = _random.Next(2, 5);
        return _random.Next(3) switch
        {
            0 => Convolution(x),
            1 => Pool(x, NnPool.MaxPool2D, kernel, _random.Next(2)),
            _ => Pool(x, NnPool.AvgPool2D, kernel, _random.Next(2)),
        };
    }

    /// <summary>Sums, products and clamps in a row, of which one may make the value larger.</summary>
    private Value Enlarged(Value x)
    {
        if (_random.Next(3) > 0) x = Op(NnPool.GlobalAvgPool, x);
        OpSpec[] rows = [NnBinary.Add, NnBinary.Mul, NnBinary.Max, NnBinary.Min];
        var row = rows[_random.Next(rows.Length)];
        for (int i = 0; i < 2; i++)
            x = _build.Op(row, [x, _random.Next(3) switch
            {
                0 => _build.Constant("c", Tensor.Scalar((float)_random.Next(-1, 3))),
                1 => Constant("c", x.Type.Shape[1], 1, 1),
                _ => Constant("c", 4, x.Type.Shape[2] == 1 ? 2 : x.Type.Shape[2], x.Type.Shape[3] == 1 ? 3 : x.Type.Shape[3]),
            }]);
        return x;
    }

    /// <summary>The same of two inputs, and twice of one.</summary>
    private Value TwoInputs(Value x)
    {
        var y = _build.Input("y", x.Type);
        OpSpec[] functions = [NnUnary.Relu, NnUnary.Neg, NnUnary.Tanh];
        var function = functions[_random.Next(functions.Length)];
        Value[] inputs = [x, y], values = [.. Enumerable.Range(0, 3).Select(_ => Op(function, inputs[_random.Next(2)]))];
        return _build.Op(NnBinary.Sub, [_build.Op(NnBinary.Mul, [values[0], values[1]]), values[2]]);
    }

    private Value Convolution(Value x)
    {
        var shape = x.Type.Shape;
        int kernel = _random.Next(1, 3), padding = _random.Next(2);
        var operands = new List<Value> { x, Constant("w", 4, shape[1], kernel, kernel) };
        if (_random.Next(2) == 0) operands.Add(Constant("b", 4));
        return _build.Op(NnConv.Conv2D, operands,
            Attributes.Of(("kernel", new[] { kernel, kernel }), ("padding", new[] { padding, padding })));
    }

    private Value Pool(Value x, OpSpec spec, int kernel, int padding)
    {
        var attributes = Attributes.Of(("kernel", new[] { kernel, kernel }), ("padding", new[] { padding, padding }));
        return _build.Op(spec, [x], spec == NnPool.AvgPool2D ? attributes.With("count_include_pad", _random.Next(2) == 0) : attributes);
    }

    private Value Op(OpSpec spec, Value x, params (string, AttributeValue)[] attributes) => _build.Op(spec, [x], Attributes.Of(attributes));

    private Value Constant(string name, params int[] dims)
    {
        var shape = Shape.Of(dims);
        return _build.Constant(
            name, Tensor.Create(shape, Enumerable.Range(0, (int)shape.Count).Select(_ => _random.NextSingle() * 2 - 1).ToArray()));
    }
}
