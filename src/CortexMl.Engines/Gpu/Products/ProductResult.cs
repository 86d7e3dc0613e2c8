using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Planning;

namespace CortexMl.Engines.Gpu.Products;

/// <summary>Ends a product: bias, what the group does next, and the store of neighbouring channels of one pixel.</summary>
internal sealed class ProductResult(GroupWriter writer, ProductShape shape)
{
    private readonly KernelBuffer? _words = StoresWords(writer, shape) ? writer.ResultWords() : null;

    /// <summary>Where the result's pixels lie.</summary>
    public (Expr N, Expr Row, Expr Column) Pixel(Expr pixel)
    {
        var k = writer.Kernel;
        Expr n = k.Once("n", shape.Batch == 1 ? 0 : pixel / (shape.ResultHeight * shape.ResultWidth));
        Expr row = pixel / shape.ResultWidth;
        row = k.Once("row", shape.ResultHeight == 1 ? 0 : shape.Batch == 1 ? row : row % shape.ResultHeight);
        return (n, row, k.Once("column", shape.ResultWidth == 1 ? 0 : pixel % shape.ResultWidth));
    }

    /// <param name="first">A multiple of the number of sums; what lies beyond the last channel is not stored.</param>
    /// <param name="sums">Of the channels from <paramref name="first"/> on, without bias.</param>
    /// <param name="mayExceed">Whether <paramref name="first"/> may lie beyond the last channel.</param>
    public void Store((Expr N, Expr Row, Expr Column) pixel, Expr first, IReadOnlyList<Expr> sums, bool mayExceed)
    {
        var k = writer.Kernel;
        if (_words is not null)
        {
            k.If(mayExceed ? first < shape.Channels : 1, () =>
            {
                Expr word = 0;
                for (int i = 0; i < sums.Count; i++) word |= (Finish(pixel, first + i, sums[i]).Element & byte.MaxValue) << (8 * i);
                Expr plane = (pixel.Row * shape.ResultWidth) + pixel.Column;
                k.Store(_words,
                    (((pixel.N * (shape.Channels / sums.Count)) + (first / sums.Count)) * (shape.ResultHeight * shape.ResultWidth)) + plane,
                    word);
            });
            return;
        }
        for (int i = 0; i < sums.Count; i++)
        {
            (Expr channel, Expr sum) = (k.Once("o", first + i), sums[i]);
            k.If(mayExceed || shape.Channels % sums.Count != 0 ? channel < shape.Channels : 1, () =>
            {
                var (index, element) = Finish(pixel, channel, sum);
                writer.Store(index, element);
            });
        }
    }

    private (ElementIndex Index, Expr Element) Finish((Expr N, Expr Row, Expr Column) pixel, Expr channel, Expr sum)
    {
        var head = writer.Group.Head;
        var index = ElementIndex.At(writer.Kernel, head.Result.Type.Shape,
            head.Result.Type.Shape.Rank == 2 ? [pixel.N, channel] : [pixel.N, channel, pixel.Row, pixel.Column]);
        if (head.Operands.Count > 2) sum += writer.Operand(head.Operands[2]).At(channel);
        return (index, writer.Follow(index, sum));
    }

    // Four channels are one word where the result is interleaved in the head's own shape.
    private static bool StoresWords(GroupWriter writer, ProductShape shape) => writer.ResultLayout is { IsInterleaved: true } layout
        && shape.Channels % ValueLayout.Lanes == 0 && layout.Shape[1] == shape.Channels
            && layout.Plane == shape.ResultHeight * shape.ResultWidth;
}
