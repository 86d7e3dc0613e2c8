using CortexMl.Passes;
using CortexMl.Passes.Quantize;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Outputs get as many bits as whoever reads them behind the network can use, where nobody said how many.</summary>
public sealed class OutputBitsTests
{
    // 8 times 63 are 504, in steps of 1/64 32256; of 64 they are 32768, and 16 bits count to 32767. At most 24 bits.
    [Theory]
    [InlineData("nn.neg(%x) : f32[1, 4] within 63", 16)]
    [InlineData("nn.neg(%x) : f32[1, 4] within 64", 17)]
    [InlineData("nn.neg(%x) : f32[1, 4] within 4000", 22)]
    [InlineData("nn.neg(%x) : f32[1, 4] within 1000000", 24)]
    [InlineData("nn.neg(%x) : f32[1, 4] within 0", 16)]
    [InlineData("nn.clip(%x) {min = -512, max = 500} : f32[1, 4] within 400", 17)]
    [InlineData("nn.sigmoid(%x) : f32[1, 4] within 1", 16)]
    public void Until_a_step_is_a_64th(string made, int bits) =>
        Assert.Equal(bits, Bits($"%y = {made}", QuantizeSettings.Default));

    // What a part 8 times smaller than another lacks of 13 bits, and of room, is 3 bits more.
    [Theory]
    [InlineData(1, 16)]
    [InlineData(8, 19)]
    [InlineData(256, 24)]
    [InlineData(100000, 24)]
    public void Until_the_smallest_part_has_13(int times, int bits) => Assert.Equal(bits, Bits($$"""
        %n = nn.neg(%x) : f32[1, 4] within {{0.0001 * times}}
          %s = nn.abs(%x) : f32[1, 4] within 0.0001
          %y = nn.concat(%n, %s) {axis = 1} : f32[1, 8] within {{0.0001 * times}}
        """, QuantizeSettings.Default));

    [Theory]
    [InlineData("within 4000 as i18", 18)]
    [InlineData("within 4000 times 1", 19)]
    public void A_decision_comes_first(string decided, int bits) =>
        Assert.Equal(bits, Bits($"%y = nn.neg(%x) : f32[1, 4] {decided}", QuantizeSettings.Default));

    [Theory]
    [InlineData("quantize", "i22")]
    [InlineData("quantize{output-step=1}", "i16")]
    [InlineData("quantize{output-step=0.001}", "i24")]
    [InlineData("quantize{output-step=0}", "i16")]
    [InlineData("quantize{output=12}", "i12")]
    [InlineData("quantize{output=16,output-step=0}", "i16")]
    [InlineData("quantize{output=26}", "i26")]
    public void Whoever_says_how_many_has_those(string pass, string type)
    {
        var graph = TextParser.ParseOne(Text("%y = nn.neg(%x) : f32[1, 4] within 3000"));
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(pass));
        Assert.StartsWith($"{type}[1, 4]", graph.Outputs[0].Type.ToString(), StringComparison.Ordinal);
    }

    private static int Bits(string body, QuantizeSettings settings) => OutputBits.Of(TextParser.ParseOne(Text(body)).Outputs[0], settings);

    private static string Text(string body) => $$"""
        graph @g(%x: f32[1, 4] within 2) {
          {{body}}
          return %y
        }
        """;
}
