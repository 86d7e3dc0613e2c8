using CortexMl.Running;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

public sealed class InputQuantizerTests
{
    [Fact]
    public void Halves_are_rounded_up_and_the_rest_is_clamped() => Assert.Equal(
        [1, 0, -1, 2, 127, -127],
        InputQuantizer.Quantize(Tensor.Vector(0.5f, -0.5f, -0.75f, 1.5f, 1000f, -1000f), scale: 1, precision: 8).Data);

    [Fact]
    public void The_product_is_taken_in_double()
    {
        float x = 0.7f;
        double scale = 1e9 + 0.25;
        Assert.Equal((int)Math.Floor((double)x * scale + 0.5), InputQuantizer.Quantize(Tensor.Vector(x), scale, precision: 32).Data[0]);
    }
}
