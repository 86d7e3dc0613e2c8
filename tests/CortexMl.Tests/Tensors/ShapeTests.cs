using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Tensors;

public sealed class ShapeTests
{
    [Theory]
    [InlineData(0, 3, 0)]
    [InlineData(2, 3, 2)]
    [InlineData(-1, 3, 2)]
    [InlineData(-3, 3, 0)]
    [InlineData(3, 3, null)]
    [InlineData(-4, 3, null)]
    [InlineData(long.MinValue, 3, null)]
    [InlineData(0, 0, null)]
    public void An_axis_counts_from_the_front_or_from_behind(long axis, int rank, int? expected) =>
        Assert.Equal(expected, Shape.Axis(axis, rank));

    [Fact]
    public void An_axis_that_a_shape_lacks_is_a_mistake_of_the_caller() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Shape.Of(2, 3).Axis(2));
}
