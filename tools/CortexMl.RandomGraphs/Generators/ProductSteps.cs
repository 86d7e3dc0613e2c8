using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.RandomGraphs;

/// <summary>Convolutions, dense layers and windows.</summary>
internal static class ProductSteps
{
    public static IReadOnlyDictionary<OpSpec, Action<ValuePool>> All { get; } = new Dictionary<OpSpec, Action<ValuePool>>
    {
        [CvmConv.Conv2D] = Conv2D,
        [CvmConv.Dense] = Dense,
        [CvmPool.MaxPool2D] = MaxPool,
        [CvmPool.UpSampling] = pool => pool.Op(CvmPool.UpSampling, [pool.Ranked(4)], ("scale", 1 + pool.Choices.Next(3))),
    };

    private static void Conv2D(ValuePool pool)
    {
        var choices = pool.Choices;
        var data = pool.Narrow(pool.Ranked(4), 8);
        var shape = data.Type.Shape;
        int groups = choices.Of(1, 1, shape[1], (int)pool.Divisor(shape[1])), channels = groups * choices.Of(1, 1, 2, 3, 5, 16, 17);
        var (rows, columns) = (1 + choices.Next(5), 1 + choices.Next(5));
        var (down, right) = (choices.Next(4), choices.Next(4));
        var (dilationH, dilationW) = (1 + choices.Next(2), 1 + choices.Next(3));
        if (((rows - 1) * dilationH) + 1 > shape[2] + (2 * down)) rows = 1;
        if (((columns - 1) * dilationW) + 1 > shape[3] + (2 * right)) columns = 1;
        bool biased = choices.OneIn(2);
        var weight = pool.Constant(Shape.Of(channels, shape[1] / groups, rows, columns), choices.Of(8, 8, 8, 2, 5));
        pool.Op(CvmConv.Conv2D, biased ? [data, weight, pool.Constant(Shape.Of(channels), choices.Of(8, 20, 31))] : [data, weight],
            ("channels", channels), ("groups", groups), ("kernel_size", new long[] { rows, columns }),
            ("padding", new long[] { down, right }),
            ("strides", new long[] { 1 + choices.Next(3), 1 + choices.Next(3) }),
            ("dilation", new long[] { dilationH, dilationW }), ("use_bias", biased));
    }

    private static void Dense(ValuePool pool)
    {
        var choices = pool.Choices;
        var data = pool.Narrow(pool.Ranked(2), 8);
        int units = choices.Of(1, 2, 3, 10, 16, 17, 40);
        bool biased = choices.OneIn(2);
        var weight = pool.Constant(Shape.Of(units, data.Type.Shape[1]), choices.Of(8, 8, 3));
        pool.Op(CvmConv.Dense, biased ? [data, weight, pool.Constant(Shape.Of(units), choices.Of(8, 20, 31))] : [data, weight],
            ("units", units), ("use_bias", biased));
    }

    private static void MaxPool(ValuePool pool)
    {
        var choices = pool.Choices;
        var data = pool.Ranked(4);
        int rows = 1 + choices.Next(Math.Min(4, data.Type.Shape[2])), columns = 1 + choices.Next(Math.Min(4, data.Type.Shape[3]));
        pool.Op(CvmPool.MaxPool2D, [data], ("pool_size", new long[] { rows, columns }),
            ("strides", new long[] { 1 + choices.Next(3), 1 + choices.Next(3) }),
            ("padding", new long[] { choices.Next(rows), choices.Next(columns) }), ("ceil_mode", choices.OneIn(2)));
    }
}
