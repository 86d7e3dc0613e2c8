using CortexMl.Ir;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Ir;

public sealed class ConstantDataTests
{
    private static readonly ConstantData s_bytes = new(Shape.Of(2, 2), new byte[] { 1, 0x80, 0xFF, 127 });

    [Fact]
    public void Bytes_read_as_signed_integers()
    {
        Assert.Equal([1, -128, -1, 127], s_bytes.Integers.ToArray());
        Assert.Equal((-128, 127), s_bytes.Range);
        Assert.Equal([-128, -1], s_bytes.Part(1, 2, new int[2]).ToArray());
        Assert.Equal(Shape.Of(2, 2), s_bytes.Tensor.Shape);
    }

    [Fact]
    public void Bytes_and_integers_of_the_same_value_have_one_digest() =>
        Assert.Equal(new ConstantData(Tensor.Create(Shape.Of(2, 2), [1, -128, -1, 127])).Digest, s_bytes.Digest);

    [Fact]
    public void Elements_that_do_not_fill_the_shape_are_refused() =>
        Assert.Throws<ArgumentException>(() => new ConstantData(Shape.Of(3), new byte[2]));
}
