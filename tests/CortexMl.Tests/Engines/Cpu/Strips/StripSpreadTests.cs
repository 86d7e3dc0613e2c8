using CortexMl.Engines.Cpu.Strips;
using CortexMl.Tensors;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Strips;

public sealed class StripSpreadTests
{
    [Fact]
    public void Any_part_of_the_result_meets_the_elements_that_broadcasting_says() =>
        Gen.Select(Gen.Int[1, 4].Array[1, 5], Gen.Int[0, 31], Gen.Int[1, 5], Gen.Int[0, 1 << 20], Gen.Int[1, 1 << 20]).Sample(
            (dims, ones, rank, from, length) =>
            {
                Shape result = Shape.Of(dims), own = Shape.Of([.. dims.Select((d, i) => (ones >> i & 1) == 1 ? 1 : d).TakeLast(rank)]);
                int[] operand = [.. Enumerable.Range(100, (int)own.Count)];
                int start = from % (int)result.Count, count = 1 + (length % ((int)result.Count - start));
                int[] strip = new int[count];
                StripSpread.Of(own, result).Fill(operand, start, strip);
                Assert.Equal(Enumerable.Range(start, count).Select(i => operand[Met(own, result, i)]), strip);
            });

    [Theory]
    [InlineData("1", "3,4", 1)]
    [InlineData("4", "3,4", 4)]
    [InlineData("2,1", "3,2,5", 10)]
    [InlineData("3,1", "3,4", int.MaxValue)]
    public void It_begins_again_after_its_period(string own, string result, int period) =>
        Assert.Equal(period, StripSpread.Of(Parse(own), Parse(result)).Period);

    private static Shape Parse(string dims) => Shape.Of(dims.Split(',').Select(int.Parse));

    /// <summary>Which element of the operand the result's element meets.</summary>
    private static int Met(Shape own, Shape result, int element)
    {
        int[] strides = own.Strides(), steps = result.Strides();
        int at = 0;
        for (int axis = 1; axis <= own.Rank; axis++)
            if (own[^axis] != 1) at += element / steps[^axis] % result[^axis] * strides[^axis];
        return at;
    }
}
