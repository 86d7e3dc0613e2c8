using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Schema;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Slices of constant length whose place comes with the data (k, k + 1), against ONNX Runtime on the file.</summary>
public class MovingSliceTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void An_end_that_is_its_start_and_a_constant(float k) => Agrees(k,
        Node("Add", "s two", "e"), Node("Slice", "x s e axis", "y"));

    [Fact]
    public void A_start_before_the_place_and_a_step() => Agrees(2,
        Node("Sub", "s one", "f"), Node("Add", "s two", "e"), Node("Slice", "x f e axis two", "y"));

    [Fact]
    public void One_axis_that_moves_and_one_that_does_not() => Agrees(1,
        Node("Add", "s two", "e"), Node("Concat", "one s", "from", Int("axis", 0)), Node("Concat", "two e", "to", Int("axis", 0)),
        Node("Slice", "x from to axes", "y"));

    [Fact]
    public void Places_of_two_axes_behind_each_other() => Agrees(1,
        Node("Concat", "s s", "from", Int("axis", 0)), Node("Add", "from lengths", "to"), Node("Slice", "x from to axes", "y"));

    [Theory]
    [InlineData("x s five axis", "how much it cuts depends on the network's input")]
    [InlineData("x five s axis", "how much it cuts depends on the network's input")]
    [InlineData("x s s axis", "it cuts 0 of 6 elements")]
    [InlineData("x s e axis minus", "it goes backwards from where it starts, by -1")]
    public void Others_are_told(string inputs, string message)
    {
        var model = Moving(Node("Add", "s two", "e"), Node("Slice", inputs, "y"));
        Assert.Contains(message, Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics[0].Message, StringComparison.Ordinal);
    }

    private static ModelProto Moving(params NodeProto[] nodes) => MovingModel.Of(13,
    [
        Longs("axis", 1), Longs("axes", 0, 1), Longs("one", 1), Longs("two", 2), Longs("five", 5), Longs("minus", -1),
        Longs("lengths", 2, 3),
    ], nodes);

    private static void Agrees(float k, params NodeProto[] nodes) => MovingModel.Agrees(Moving(nodes), k);
}
