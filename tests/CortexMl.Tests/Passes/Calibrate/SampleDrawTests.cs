using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>Which samples stand for all.</summary>
public class SampleDrawTests
{
    [Theory]
    [InlineData(10, 4)]
    [InlineData(10, 10)]
    [InlineData(500, 64)]
    public void The_order_of_the_data_does_not_show(int count, int taken)
    {
        float[][] numbers = [.. Enumerable.Range(0, count).Select(i => new[] { i * 0.25f, -i, 1 })];
        var random = new Random(5);
        var expected = Drawn(numbers, taken);
        Assert.Equal(taken, expected.Count);
        Assert.Equal(taken, expected.Distinct().Count());
        for (int trial = 0; trial < 5; trial++)
        {
            random.Shuffle(numbers);
            Assert.Equal(expected, Drawn(numbers, taken));
        }
    }

    [Fact]
    public void They_are_no_run_of_the_data()
    {
        float[][] sorted = [.. Enumerable.Range(0, 1000).Select(i => new[] { (float)i })];
        var drawn = Drawn(sorted, 16);
        Assert.Contains(drawn, first => first < 300);
        Assert.Contains(drawn, first => first > 700);
        Assert.NotEqual(drawn.Order(), drawn);
    }

    [Fact]
    public void Samples_that_are_the_same_stand_for_each_other() =>
        Assert.Equal([2, 2, 2], Drawn([[2], [2], [2]], 5));

    [Fact]
    public void Without_a_draw_the_first_ones_are_taken()
    {
        var source = new Handmade([[1], [2], [3]]);
        Assert.Equal([1, 2], SampleDraw.Of(new PassServices(), source, 2).Select(s => s.Inputs[0].Data[0]));
    }

    /// <summary>The first number of each drawn sample, in their order.</summary>
    private static List<float> Drawn(float[][] numbers, int count)
    {
        var (source, services) = (new Handmade(numbers), new PassServices());
        var draw = new SampleDraw();
        foreach (var (index, sample) in source.Read().Index()) draw.Add(index, sample);
        services.Given.Set(draw);
        return [.. SampleDraw.Of(services, source, count).Select(s => s.Inputs[0].Data[0])];
    }

    private sealed class Handmade(float[][] samples) : ISampleSource
    {
        public string Description => "by hand";

        public int Count => samples.Length;

        public IEnumerable<Sample> Read() => samples.Select((s, i) => new Sample([Tensor.Create(Shape.Of(1, s.Length), s)], null, $"{i}"));
    }
}
