using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Tests.Passes.Prepare;

/// <summary>Small float networks from a seed, made of what the prepare passes rewrite, with values used more than once.</summary>
internal sealed class RandomNetwork
{
    private static readonly float[] SpecialNumbers = [0, 1, -1, 2, 0.5f];

    private readonly Random _random;
    private readonly GraphBuilder _build = new("net", Level.Float);
    private readonly List<Value> _images = [];

    private RandomNetwork(int seed) => _random = new Random(seed);

    public static Graph Of(int seed) => new RandomNetwork(seed).Build();

    /// <summary>Elements in ±2 for a shape.</summary>
    public static Tensor<double> Input(int seed, Shape shape)
    {
        var random = new Random(seed);
        return Tensor.Create(shape, Enumerable.Range(0, (int)shape.Count).Select(_ => random.NextDouble() * 4 - 2).ToArray());
    }

    private Graph Build()
    {
        _images.Add(_build.Input("x", TensorType.Float(1, 4, 6, 6)));
        int length = _random.Next(3, 10);
        while (_images.Count < length) _images.Add(Image(_random.Next(4) == 0 ? Pick() : _images[^1]));
        _build.Output(Head(_images[^1]));
        return _build.Build();
    }

    private Value Pick() => _images[_random.Next(_images.Count)];

    private Value Image(Value x) => _random.Next(17) switch
    {
        0 or 1 or 2 => Convolution(x),
        3 or 4 => BatchNorm(x),
        5 => Op(NnUnary.Relu, x),
        6 => Op(NnUnary.Clip, x, ("min", _random.Next(-1, 2) * 0.5), ("max", 1.5)),
        7 => Op(NnUnary.LeakyRelu, x, ("slope", 0.25)),
        8 => Op(NnUnary.Neg, x),
        9 => Op(NnUnary.Identity, x),
        10 or 11 => Arithmetic(x),
        12 => Pad(x),
        13 => Pool(x),
        14 => Transposed(x),
        15 => Reshaped(x),
        _ => Sum(x),
    };

    private Value Op(OpSpec spec, Value x, params (string, AttributeValue)[] attributes) => _build.Op(spec, [x], Attributes.Of(attributes));

    private Value Convolution(Value x)
    {
        var shape = x.Type.Shape;
        int groups = shape[1] % 2 == 0 && _random.Next(3) == 0 ? 2 : 1;
        int kernel = Math.Min(_random.Next(1, 4), Math.Min(shape[2], shape[3]));
        var operands = new List<Value> { x, Constant("w", 4, shape[1] / groups, kernel, kernel) };
        if (_random.Next(2) == 0) operands.Add(Constant("b", 4));
        int[] padding = _random.Next(3) switch { 0 => [1, 1], 1 => [1, 0, 1, 0], _ => [0, 0] };
        return _build.Op(NnConv.Conv2D, operands,
            Attributes.Of(("kernel", new[] { kernel, kernel }), ("groups", groups), ("padding", padding)));
    }

    private Value BatchNorm(Value x)
    {
        int channels = x.Type.Shape[1];
        var variance = Tensor.Create(Shape.Of(channels), Enumerable.Range(0, channels).Select(_ => 0.5f + _random.NextSingle()).ToArray());
        return _build.Op(NnConv.BatchNorm,
            [x, Constant("gamma", channels), Constant("beta", channels), Constant("mean", channels), _build.Constant("var", variance)]);
    }

    private Value Arithmetic(Value x)
    {
        int channels = x.Type.Shape[1];
        Value c = _random.Next(3) switch
        {
            0 => _build.Constant("c", Tensor.Scalar(SpecialNumbers[_random.Next(SpecialNumbers.Length)])),
            1 => Constant("c", channels, 1, 1),
            _ => Constant("c", 1, channels, 1, 1),
        };
        OpSpec[] rows = [NnBinary.Add, NnBinary.Mul, NnBinary.Sub, NnBinary.Max, NnBinary.Min];
        return _build.Op(rows[_random.Next(rows.Length)], _random.Next(2) == 0 ? [x, c] : [c, x]);
    }

    private Value Pad(Value x) => Op(NnShape.Pad, x,
        ("before", new[] { 0, 0, _random.Next(2), _random.Next(2) }), ("after", new[] { 0, 0, _random.Next(2), 1 }),
        ("value", _random.Next(3) == 0 ? 0.5 : 0.0));

    private Value Pool(Value x)
    {
        var shape = x.Type.Shape;
        if (_random.Next(5) == 0) return Op(NnReduce.Mean, x, ("axes", new[] { 2, -1 }), ("keepdims", true));
        int kernel = Math.Min(_random.Next(1, 4), Math.Min(shape[2], shape[3]));
        return Op(_random.Next(2) == 0 ? NnPool.MaxPool2D : NnPool.AvgPool2D, x,
            ("kernel", new[] { kernel, kernel }), ("padding", kernel > 1 && _random.Next(2) == 0 ? new[] { 1, 1, 1, 1 } : [0, 0]),
            ("ceil_mode", _random.Next(3) == 0), ("strides", new[] { _random.Next(1, 3), 1 }));
    }

    private Value Transposed(Value x) =>
        Op(NnShape.Transpose, Image(Op(NnShape.Transpose, x, ("axes", new[] { 0, 2, 3, 1 }))), ("axes", new[] { 0, 3, 1, 2 }));

    private Value Reshaped(Value x)
    {
        var shape = x.Type.Shape;
        return Op(NnShape.Reshape, Op(NnShape.Flatten, x), ("shape", shape));
    }

    private Value Sum(Value x)
    {
        var others = _images.Where(i => i.Type.Shape == x.Type.Shape).ToList();
        return _build.Op(NnBinary.Add, [x, others.Count > 0 ? others[_random.Next(others.Count)] : x]);
    }

    private Value Head(Value x)
    {
        if (_random.Next(3) == 0) return x;
        var flat = Op(NnShape.Flatten, x);
        if (_random.Next(2) == 0) flat = Op(NnShape.ExpandDims, flat, ("axes", new[] { 0 }));
        int columns = flat.Type.Shape[^1];
        return _random.Next(2) == 0
            ? _build.Op(NnConv.Dense, [flat, Constant("w", 3, columns), Constant("b", 3)])
            : _build.Op(NnConv.MatMul, [flat, Constant("w", columns, 3)]);
    }

    private Value Constant(string name, params int[] dims)
    {
        var shape = Shape.Of(dims);
        return _build.Constant(
            name, Tensor.Create(shape, Enumerable.Range(0, (int)shape.Count).Select(_ => _random.NextSingle() * 2 - 1).ToArray()));
    }
}
