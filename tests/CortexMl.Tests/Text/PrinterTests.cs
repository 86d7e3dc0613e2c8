using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Text;

public sealed class PrinterTests
{
    [Theory]
    [InlineData("""
        graph @head(%data: f32[1, 1, 4, 4]) -> f32[1, 2, 2, 2] within 5.375 {
          @weight: f32[2, 1, 3, 3] = random(7)
          @bias: f32[2] = [0.1, -2.5E-08]
          %0 = nn.conv2d(%data, @weight, @bias) {kernel = [3, 3]} : f32[1, 2, 2, 2]
          %1 = nn.relu(%0) : f32[1, 2, 2, 2] within 5.375
          return %1
        }

        """)]
    [InlineData("""
        graph @tail(%data: i8[1, 4] @ 127) -> i9[1, 4] @ 23.71 attributes {postprocess = "argmax"} {
          %act = cvm.relu(%data) : i8[1, 4]
          %"weird name" = cvm.clip(%act) {a_max = 127, a_min = -127} : i9[1, 4]
          return %"weird name"
        }

        """)]
    [InlineData("""
        quant graph @per_channel(%x: i8[1, 2, 3, 3] @ axis 1: @x.scale) -> i8[1, 2, 3, 3] @ axis 1: @x.scale {
          @x.scale: f64[2] = [12.5, 0.125]
          %0 = cvm.relu(%x) : i8[1, 2, 3, 3] @ axis 1: @x.scale
          return %0
        }

        """)]
    public void A_canonical_text_prints_as_it_was_read(string text) => Assert.Equal(text, TextPrinter.Print(TextParser.ParseOne(text)));
}
