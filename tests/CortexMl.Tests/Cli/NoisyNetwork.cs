using CortexMl.Tensors;

namespace CortexMl.Tests.Cli;

/// <summary>
/// A network that 8 bits leave below 30 dB: it takes differences of large numbers. Its convolutions are large enough for calibration to
/// share them out among processors.
/// </summary>
internal static class NoisyNetwork
{
    /// <summary>Samples on which choose-widths measures a network as small as this.</summary>
    public const int Measured = 32;

    /// <summary>Samples on which --min-db looks at what was reached, those of the noise report.</summary>
    public const int Reported = 16;

    /// <summary>What is told where one layer gets 15 bits and another centred data, and what that mends.</summary>
    public const string Told =
        @"note CML0537: \d layers? sees? 15 bits and \d layers? sees? centred data, for .*: "
        + @"the noisiest output is expected at 3\d\.\d dB instead of 2\d\.\d";

    /// <summary>By default centred data alone, which cost nothing here, are enough.</summary>
    public static readonly string[] Target = ["--min-db", "33"];

    public const string Text = """
        graph @net(%data: f32[1, 4, 48, 48]) {
          @a: f32[8, 4, 3, 3] = random(1)
          @c: f32[8] = [8, 8, 8, 8, 8, 8, 8, 8]
          @w: f32[4, 8, 1, 1] = [1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1]
          @v: f32[8, 4, 3, 3] = random(3)
          @u: f32[4, 8, 3, 3] = random(4)
          %x = nn.conv2d(%data, @a, @c) {kernel = [3, 3], padding = [1, 1, 1, 1]}
          %r = nn.relu(%x)
          %y = nn.conv2d(%r, @w) {kernel = [1, 1]}
          %z = nn.conv2d(%y, @v) {kernel = [3, 3], padding = [1, 1, 1, 1]}
          %s = nn.relu(%z)
          %o = nn.conv2d(%s, @u) {kernel = [3, 3], padding = [1, 1, 1, 1]}
          return %o
        }
        """;

    /// <summary>Samples f32[count, 4, 48, 48], each a little larger than the one before.</summary>
    public static Tensor<float> Samples(int count)
    {
        const int each = 4 * 48 * 48;
        var random = new Random(5);
        return Tensor.Create(
            Shape.Of(count, 4, 48, 48),
            [.. Enumerable.Range(0, count * each).Select(i => (4 * random.NextSingle() - 2) * (0.3f + 2f * (i / each) / count))]);
    }
}
