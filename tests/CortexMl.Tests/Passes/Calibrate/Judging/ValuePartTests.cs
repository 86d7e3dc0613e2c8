using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Judging;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate.Judging;

public class ValuePartTests
{
    [Fact]
    public void Of_an_image_all_channels_of_one_window_are_kept()
    {
        var part = Conv("[1, 3, 40, 50]", "f32[1, 3, 3, 3]", "kernel = [3, 3]").Part;
        Assert.Equal(Shape.Of(1, 3, 16, 16), part.Shape);
        float[] image = [.. Enumerable.Range(0, 3 * 40 * 50).Select(i => (float)i)];
        var corners = new HashSet<float>();
        foreach (ulong place in new ulong[] { 0, 7, 0x1234_5678_9ABC_DEF0, ulong.MaxValue })
        {
            float[] cut = part.Cut(image, place);
            corners.Add(cut[0]);
            for (int i = 0; i < cut.Length; i++)
                Assert.Equal(cut[0] + (i / 256 * 2000) + (i / 16 % 16 * 50) + (i % 16), cut[i]);
            Assert.InRange(cut[0] % 50, 0, 34);
        }
        Assert.True(corners.Count > 2);
    }

    [Fact]
    public void A_window_holds_the_layers_own() =>
        Assert.Equal(
            Shape.Of(1, 2048, 9, 5), Conv("[1, 2048, 20, 20]", "f32[1, 2048, 5, 3]", "kernel = [5, 3], dilation = [2, 2]").Part.Shape);

    [Fact]
    public void A_small_value_is_kept_as_it_is()
    {
        var part = Conv("[1, 2, 4, 4]", "f32[1, 2, 3, 3]", "kernel = [3, 3]").Part;
        float[] numbers = [.. Enumerable.Range(0, 32).Select(i => (float)i)];
        Assert.Equal(numbers, part.Cut(numbers, 12345));
    }

    [Fact]
    public void Of_many_rows_some_are_kept()
    {
        var part = Judged("""
            graph @rows(%x: f32[100, 6]) {
              @w: f32[1, 6] = [1, 2, 3, 4, 5, 6]
              %0 = nn.relu(%x)
              %1 = nn.dense(%0, @w)
              return %1
            }
            """).Part;
        Assert.Equal(Shape.Of(16, 6), part.Shape);
        float[] cut = part.Cut([.. Enumerable.Range(0, 600).Select(i => (float)i)], 3);
        Assert.Equal([.. Enumerable.Range(0, 96).Select(i => cut[0] + (i / 6 * 36) + (i % 6))], cut);
        Assert.Equal(0, cut[0] % 6);
    }

    [Fact]
    public void Of_samples_those_with_the_smallest_digests_are_kept_in_their_order()
    {
        var graph = TextParser.ParseOne(Image("[1, 2, 4, 4]", "f32[1, 2, 3, 3]", "kernel = [3, 3]"));
        var value = JudgedValue.In(graph).Single();
        // The last one is larger than all that are kept.
        var digests = Enumerable.Range(0, 51).Select(i => (ulong)(i < 50 ? i * 37 % 50 : i)).ToList();
        var parts = new DrawnParts(graph, [value]);
        foreach (var (i, digest) in digests.Index())
        {
            parts.Begin(i, digest);
            parts.See(value.Place, [.. Enumerable.Repeat((float)digest, 32)]);
        }
        Assert.Equal(32, parts.Samples);
        Assert.Equal(Enumerable.Range(0, 32).Select(d => (float)d), parts.Of(value.Place).Chunk(32).Select(c => c[0]));
    }

    [Fact]
    public void What_is_read_with_16_bits_too_is_not_judged() =>
        Assert.Empty(JudgedValue.In(TextParser.ParseOne("""
            graph @both(%x: f32[1, 2]) {
              @w: f32[2, 2] = [1, 2, 3, 4]
              %0 = nn.relu(%x)
              %1 = nn.dense(%0, @w)
              %2 = nn.add(%1, %0)
              return %2
            }
            """)));

    private static JudgedValue Conv(string data, string weight, string attributes) => Judged(Image(data, weight, attributes));

    private static JudgedValue Judged(string text) => JudgedValue.In(TextParser.ParseOne(text)).Single();

    private static string Image(string data, string weight, string attributes) => $$"""
        graph @image(%x: f32{{data}}) {
          @w: {{weight}} = random(1)
          %0 = nn.relu(%x)
          %1 = nn.conv2d(%0, @w) { {{attributes}} }
          return %1
        }
        """;
}
