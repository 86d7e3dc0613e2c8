using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Planning;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Products;

/// <summary>
/// Data and weights of a product as terms x · w that are summed: a term is four channels of one tap where the data is interleaved and the
/// weights are signed bytes, else one channel. Terms are numbered tap · <see cref="Words"/> + word.
/// </summary>
internal sealed class ProductOperands
{
    private readonly GroupWriter _writer;
    private readonly Value _data;
    private readonly ConstantData _constant;
    private readonly KernelBuffer? _words;

    public ProductOperands(GroupWriter writer, ProductShape shape)
    {
        (_writer, Shape) = (writer, shape);
        var head = writer.Group.Head;
        (_data, _constant) = (head.Operands[0], head.Operands[1].Constant!);
        if (!writer.Layout(_data).IsInterleaved || !DotProductFit.CanRead(head)) return;
        Lanes = ValueLayout.Lanes;
        _words = writer.Words(_data);
    }

    public ProductShape Shape { get; }

    /// <summary>Channels in a term.</summary>
    public int Lanes { get; } = 1;

    /// <summary>Terms of a tap.</summary>
    public int Words => (Shape.Depth + Lanes - 1) / Lanes;

    public int Terms => Shape.Taps * Words;

    /// <summary>The channels of a term at a pixel that lies within the data.</summary>
    public Expr Data(Expr n, Expr word, Expr row, Expr column)
    {
        if (_words is not null) return _words[(((((n * Words) + word) * Shape.Height) + row) * Shape.Width) + column];
        return _data.Type.Shape.Rank == 2 ? _writer.Operand(_data).At(n, word) : _writer.Operand(_data).At(n, word, row, column);
    }

    public Expr MultiplyAdd(Expr x, Expr w, Expr sum) => Lanes == 1 ? sum + (x * w) : Expr.Dot4(x, w, sum);

    /// <summary>Four terms.</summary>
    public Expr MultiplyAdd(IReadOnlyList<Expr> x, IReadOnlyList<Expr> w, Expr sum) =>
        Lanes == 1 ? x.Zip(w).Aggregate(sum, (total, term) => total + (term.First * term.Second)) : Expr.Dot16(x, w, sum);

    /// <summary>
    /// The weights as [tiles of <paramref name="tile"/> channels][terms, filled up to a multiple of <paramref name="step"/>][tile]; zeros
    /// where there are none.
    /// </summary>
    public KernelBuffer Weights(int tile, int step)
    {
        int tiles = (Shape.Channels + tile - 1) / tile, terms = (Terms + step - 1) / step * step;
        int[] weights = ((Tensor<int>)_constant.Tensor).Data;
        int[] prepared = new int[tiles * terms * tile];
        for (int o = 0; o < Shape.Channels; o++)
            for (int term = 0; term < Terms; term++) prepared[(((o / tile * terms) + term) * tile) + (o % tile)] = Weight(weights, o, term);
        return _writer.Prepared("w", Lanes == 1 ? ConstantArray.Of(prepared) : new ConstantArray(prepared, KernelElement.I32));
    }

    private int Weight(int[] weights, int channel, int term)
    {
        int tap = term / Words, first = term % Words * Lanes, word = 0;
        if (Lanes == 1) return weights[(((channel * Shape.Depth) + first) * Shape.Taps) + tap];
        for (int lane = 0; lane < Lanes && first + lane < Shape.Depth; lane++)
            word |= (weights[(((channel * Shape.Depth) + first + lane) * Shape.Taps) + tap] & byte.MaxValue) << (8 * lane);
        return word;
    }
}
