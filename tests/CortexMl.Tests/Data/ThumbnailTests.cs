using CortexMl.Data.Images;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Data;

public sealed class ThumbnailTests
{
    [Fact]
    public void Bytes_are_means_of_squares_of_pixels()
    {
        var small = Thumbnail.Of(Tensor.Create(Shape.Of(4, 6), [.. Enumerable.Range(0, 24).Select(i => (byte)(10 * i))]), side: 3)!;
        Assert.Equal(Shape.Of(1, 2, 3), small.Shape);
        Assert.Equal([35, 55, 75, 155, 175, 195], small.Data.Select(b => (int)b));
    }

    [Fact]
    public void Other_numbers_are_shown_from_their_least_to_their_greatest()
    {
        var small = Thumbnail.Of(Tensor.Create(Shape.Of(1, 1, 4, 4), [.. Enumerable.Range(0, 16).Select(i => i - 7.5f)]), side: 4)!;
        Assert.Equal((0, 255), (small.Data[0], small.Data[15]));
    }

    [Fact]
    public void What_is_no_picture_has_none()
    {
        Assert.Null(Thumbnail.Of(Tensor.Create(Shape.Of(16), new byte[16]), 64));
        Assert.Null(Thumbnail.Of(Tensor.Create(Shape.Of(2, 4, 4), new byte[32]), 64));
        Assert.Null(Thumbnail.Of(Tensor.Create(Shape.Of(4, 4), [.. Enumerable.Repeat(float.NaN, 16)]), 64));
    }
}
