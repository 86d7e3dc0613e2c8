using System.Buffers;
using CortexMl.Diagnostics;
using CortexMl.Engines.Float.MachineCode;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Engines.Float.Portable;

/// <summary><see cref="NnConv.Conv2D"/>: per image and group a matrix product of the weights and what the windows see.</summary>
/// <remarks>
/// The image is copied with its padding, rows and columns sorted by their remainder by the stride: [N, C, H, W] ⇒
/// [N, C, s, t, H / s, W / t]. Then neighbouring windows see neighbouring elements whatever their stride. Remainders that no tap has
/// are left out: a stride beyond the window takes no memory.
/// </remarks>
internal sealed class Convolution
{
    /// <summary>Elements that a tile may read behind the last plane, at most.</summary>
    private const int MostSlack = 1024;

    private readonly Shape _image, _result;
    private readonly int _groups, _rowsPerGroup, _top, _left, _strideH, _strideW, _rows, _rowLength, _plane, _reach;

    /// <summary>Remainders of rows and columns that taps have: 0 up to these.</summary>
    private readonly int _rowKinds, _columnKinds;
    private readonly int[] _steps;
    private readonly ProductTile _tile;

    /// <param name="op">A row that its own rule has accepted.</param>
    /// <param name="result">[N, O, H, W]</param>
    /// <exception cref="InsufficientMemoryException">The image with its padding is larger than an array.</exception>
    public Convolution(IOperation op, Shape result, ProductTiles tiles)
    {
        _image = op.Shape(0);
        _result = result;
        _groups = (int)op.Int("groups");
        _rowsPerGroup = result[1] / _groups;
        var window = SlidingWindow.Of(op);
        var (rows, columns) = window;
        (_top, _left, _strideH, _strideW) = ((int)rows.Before, (int)columns.Before, (int)rows.Stride, (int)columns.Stride);
        var (channels, kernelH, kernelW) = (op.Shape(1)[1], op.Shape(1)[2], op.Shape(1)[3]);
        _rows = result[2] + (int)(rows.Extent - 1) / _strideH;
        _rowLength = result[3] + (int)(columns.Extent - 1) / _strideW;
        (_rowKinds, _columnKinds) = ((int)Math.Min(rows.Stride, rows.Extent), (int)Math.Min(columns.Stride, columns.Extent));
        long plane = checked((long)_rowKinds * _rows * _columnKinds * _rowLength);
        if (plane > (Array.MaxLength - MostSlack) / Math.Max(1, _image[0] * _image[1]))
            throw new InsufficientMemoryException($"a convolution's padded image has {Counted.Grouped(plane, "element")} in each plane");
        _plane = (int)plane;
        _steps = new int[channels * kernelH * kernelW];
        for (int k = 0; k < _steps.Length; k++)
        {
            int channel = k / (kernelH * kernelW), y = k / kernelW % kernelH * (int)rows.Dilation, x = k % kernelW * (int)columns.Dilation;
            _steps[k] = checked(channel * _plane + Place(y, x));
        }
        _reach = _steps.Max();
        // A window a pixel in an image without a border: the image is what the windows see.
        IsCopied = !window.IsPointwise;
        var bias = op.OperandCount > 2 ? TileBias.Rows : TileBias.None;
        _tile = tiles.For(new(_rowsPerGroup, _steps.Length, Columns, result[2] * result[3], bias));
    }

    private bool IsCopied { get; }

    /// <summary>Of a product: windows, and what lies between the end of a row and the next one.</summary>
    private int Columns => (_result[2] - 1) * _rowLength + _result[3];

    /// <summary>Whether there are columns that are no window.</summary>
    private bool HasGaps => _rowLength > _result[3];

    /// <summary>Where an element of the padded image is, within its plane.</summary>
    private int Place(int y, int x) =>
        ((y % _strideH * _columnKinds + x % _strideW) * _rows + y / _strideH) * _rowLength + x / _strideW;

    /// <summary>The weights of each group, as <see cref="Run"/> takes them.</summary>
    /// <param name="weights">[O, C / groups, KH, KW]</param>
    public LeftMatrix[] Pack(ReadOnlySpan<float> weights)
    {
        var packed = new LeftMatrix[_groups];
        int size = _rowsPerGroup * _steps.Length;
        for (int group = 0; group < _groups; group++)
            packed[group] = new LeftMatrix(_rowsPerGroup, _steps.Length, _tile).Pack(weights.Slice(group * size, size));
        return packed;
    }

    /// <param name="image">[N, C, H, W]</param>
    /// <param name="bias">[O], or empty.</param>
    public void Run(ProductRunner runner, float[] image, LeftMatrix[] weights, ReadOnlyMemory<float> bias, float[] result)
    {
        float[] seen = IsCopied ? Copy(image, _tile.Columns) : image;
        int channels = _image[1] / _groups, windows = _result[2] * _result[3];
        var products = new List<MatrixProduct>(_image[0] * _groups);
        for (int part = 0; part < _image[0] * _groups; part++)
        {
            int group = part % _groups, row = group * _rowsPerGroup;
            var columns = new RightMatrix(seen, part * channels * _plane, _steps, Columns)
            {
                Period = HasGaps ? _rowLength : Columns, Width = HasGaps ? _result[3] : Columns, Reach = _reach,
            };
            var own = bias.IsEmpty ? bias : bias.Slice(row, _rowsPerGroup);
            products.Add(new(weights[group], columns, result, part * _rowsPerGroup * windows, own, BiasPerRow: true));
        }
        runner.Run(products);
        if (IsCopied) ArrayPool<float>.Shared.Return(seen);
    }

    /// <param name="slack">Elements behind the last plane that may be read.</param>
    private float[] Copy(float[] image, int slack)
    {
        int planes = _image[0] * _image[1], size = planes * _plane;
        float[] copy = ArrayPool<float>.Shared.Rent(size + Math.Min(slack, MostSlack));
        copy.AsSpan().Clear();
        // What lies behind the last window is left out; it may be all of a side that is padded in front.
        int height = (int)Math.Min(_image[2], (long)_rows * _strideH - _top);
        int width = (int)Math.Clamp((long)_rowLength * _strideW - _left, 0, _image[3]);
        for (int plane = 0; plane < planes; plane++)
        {
            for (int y = 0; y < height; y++)
            {
                if ((y + _top) % _strideH >= _rowKinds) continue;
                var row = image.AsSpan((plane * _image[2] + y) * _image[3], width);
                for (int first = 0; first < Math.Min(_strideW, width); first++)
                {
                    if ((first + _left) % _strideW >= _columnKinds) continue;
                    var target = copy.AsSpan(plane * _plane + Place(y + _top, first + _left));
                    if (_strideW == 1) row.CopyTo(target);
                    else for (int x = first, i = 0; x < row.Length; x += _strideW, i++) target[i] = row[x];
                }
            }
        }
        return copy;
    }
}
