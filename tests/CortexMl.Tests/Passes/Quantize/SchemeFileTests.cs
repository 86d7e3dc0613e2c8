using System.Text.RegularExpressions;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>The text of scheme files.</summary>
public sealed class SchemeFileTests
{
    private static readonly SchemeFile s_file = new(
        "sha256:1", new SchemeSettings(Input: 8, SoftmaxRange: 10, Weights: "per-channel"),
        [
            new ValueDecision("x", 1) { Bits = 8, Centred = true, Reason = "seen" },
            new ValueDecision("y", 5.375) { Bits = 7, IsPerChannel = true, Channels = [1, 0.5] },
            new ValueDecision("z", 2) { Headroom = 2, Reason = "", Seen = new ValueSummary(0, 1, 0.5f, 0.25f, 12) },
        ],
        [new LayerDecision("y", 15, 8, false) { Reason = "\"12\" dB" }])
    {
        Data = "3 samples", Method = "mse", Inputs = [("data", Shape.Of(1, 4))], Preparation = "{\"scale\": 2}",
    };

    private static readonly Value s_input = TextParser.ParseOne("graph @g(%x: f32[1]) {\n  return %x\n}").Inputs[0];

    [Fact]
    public void A_line_for_each_decision() => Assert.Equal("""
        {
          "format": 1,
          "model": "sha256:1",
          "data": "3 samples",
          "method": "mse",
          "inputs": {"data": [1, 4]},
          "preprocessing": {"scale": 2},
          "settings": {"input": 8, "softmaxRange": 10, "weights": "per-channel"},
          "values": [
            {"value": "x", "within": 1, "bits": 8, "centred": true, "reason": "seen", "mark": "M"},
            {"value": "y", "within": 5.375, "bits": 7, "granularity": "per-channel", "reason": "", "mark": "M", "channels": [1, 0.5]},
            {"value": "z", "within": 2, "headroom": 2, "reason": "", "mark": "M", "min": 0, "max": 1, "mean": 0.5, "std": 0.25, "count": 12}
          ],
          "layers": [
            {"layer": "y", "data": 15, "weights": 8, "centred": false, "rounding": "nearest", "reason": "\u002212\u0022 dB", "mark": "M"}
          ]
        }

        """.ReplaceLineEndings("\n"), Regex.Replace(s_file.Write(), "\"mark\": \"[0-9a-f]{6}\"", "\"mark\": \"M\""));

    [Fact]
    public void What_was_written_reads_back_unedited()
    {
        var read = new SchemeReader("x").Read(s_file.Write());
        Assert.Equal(s_file.Write(), read.Write());
        Assert.DoesNotContain(true, read.Values.Select(v => v.IsEdited).Concat(read.Layers.Select(l => l.IsEdited)));
        Assert.Equal(s_file.Settings, read.Settings);
    }

    [Fact]
    public void What_layers_read_is_read_back()
    {
        LayerInput[] means =
            [new("y", "d", [-1, 2]) { Rounded = new RoundedWeights("i", "AAAA") }, new("z", "e", [])];
        var read = new SchemeReader("x").Read((s_file with { Means = means }).Write()).Means;
        Assert.Equal(["y d -1 2", "z e "], read.Select(m => $"{m.Layer} {m.Digest} {string.Join(' ', m.Means)}"));
        Assert.Equal([new RoundedWeights("i", "AAAA"), null], read.Select(m => m.Rounded));
    }

    [Fact]
    public void Patterns_alone_are_of_any_network()
    {
        const string Text = "{\"format\": 1, \"values\": [{\"operator\": \"nn.sigmoid\", \"bits\": 12}, {\"value\": \"x?y*\", \"within\": 2}], "
            + "\"layers\": [{\"layer\": \"*\", \"data\": 15}]}";
        var read = new SchemeReader("x").Read(Text);
        Assert.Equal("", read.Model);
        Assert.Equal(["operator nn.sigmoid", "value x?y*"], read.Values.Select(v => v.Pattern!.ToString()));
        Assert.Equal("layer *", Assert.Single(read.Layers).Pattern!.ToString());
        Assert.Empty(read.Calibration.Values);
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("conv?", "conv1", true)]
    [InlineData("conv?", "conv", false)]
    [InlineData("conv?", "conv12", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "aXbYbZ", false)]
    [InlineData("*.*", "nn.relu", true)]
    [InlineData("**x", "yx", true)]
    [InlineData("x**", "x", true)]
    [InlineData("x*y", "xY", false)]
    public void Stars_stand_for_any_characters(string pattern, string name, bool fits) =>
        Assert.Equal(fits, new NodePattern("value", pattern, null).Fits(s_input, name));

    [Theory]
    [InlineData("\"within\": 5.375", "\"within\": 5.5")]
    [InlineData("\"bits\": 7", "\"bits\": 6")]
    [InlineData("\"granularity\": \"per-channel\", ", "")]
    [InlineData("\"channels\": [1, 0.5]", "\"channels\": [1, 0.25]")]
    [InlineData("\"headroom\": 2", "\"headroom\": 4")]
    [InlineData("\"data\": 15", "\"data\": 8")]
    public void A_changed_line_is_known_as_edited(string was, string now)
    {
        string text = s_file.Write();
        Assert.Contains(was, text, StringComparison.Ordinal);
        var read = new SchemeReader("x").Read(text.Replace(was, now, StringComparison.Ordinal));
        Assert.Single(read.Values.Select(v => v.IsEdited).Concat(read.Layers.Select(l => l.IsEdited)), isEdited => isEdited);
    }

    [Theory]
    [InlineData("{", "error CML0570: the scheme is no JSON\n  --> x.scheme.json:1:2")]
    [InlineData("[]", "error CML0570: the file holds no JSON object\n  --> x.scheme.json")]
    [InlineData("{}",
        "error CML0570: the file has no field 'format'\n  --> x.scheme.json\n"
        + "error CML0570: the file has no field 'model'\n  --> x.scheme.json")]
    [InlineData("{\"\\ud800\": 1}",
        "error CML0570: a name or text holds an escape such as \\ud800 that stands for half a character\n  --> x.scheme.json")]
    [InlineData("{\"format\": 2, \"model\": \"m\"}", "error CML0570: 'format' of the file is 2; expected 1\n  --> x.scheme.json")]
    [InlineData("{\"format\": 1, \"model\": \"m\", \"value\": []}",
        "error CML0570: 'value' is no field of the file\n  --> x.scheme.json\n  help: did you mean 'values'?")]
    [InlineData("{\"format\": 1, \"model\": \"m\", \"settings\": {\"input\": 17, \"weights\": \"per-chanel\"}}",
        "error CML0570: 'input' of 'settings' is 17; expected a number from 2 to 16\n  --> x.scheme.json\n" +
        "error CML0570: 'weights' of 'settings' is 'per-chanel'; expected per-channel or per-tensor\n  --> x.scheme.json\n" +
        "  help: did you mean 'per-channel'?")]
    [InlineData("{\"format\": 1, \"model\": \"m\", \"values\": [{\"value\": \"a\"}, "
        + "{\"value\": \"a\", \"within\": -1, \"bits\": 7.5}, 3, {\"bit\": 1}]}",
        "error CML0570: 'within' of value 'a' is -1; expected a finite number from 0 on\n  --> x.scheme.json\n" +
        "error CML0570: 'bits' of value 'a' is 7.5; expected a whole number\n  --> x.scheme.json\n" +
        "error CML0570: entry 2 of 'values' is no object\n  --> x.scheme.json\n" +
        "error CML0570: entry 3 of 'values' has no field 'value'\n  --> x.scheme.json\n" +
        "error CML0570: 'bit' is no field of entry 3 of 'values'\n  --> x.scheme.json\n  help: did you mean 'bits'?\n" +
        "error CML0570: value 'a' stands there twice\n  --> x.scheme.json")]
    [InlineData("{\"format\": 1, \"model\": \"m\", \"layers\": [{\"layer\": \"c\", \"data\": 12}, "
        + "{\"layer\": \"d\", \"data\": 15, \"centred\": true}]}",
        "error CML0570: 'data' of layer 'c' is 12; 8 or 15 bits are possible\n  --> x.scheme.json\n" +
        "  help: fewer bits are those of the value that the layer reads: 'bits' of its line\n" +
        "error CML0570: layer 'd' has data of 15 bits and centred data: it is one or the other\n  --> x.scheme.json")]
    [InlineData("{\"format\": 1, \"values\": [{\"value\": \"a*\", \"within\": 1, \"method\": \"mse\"}, {\"operator\": \"nn.relu\", \"bit\": 1}, "
        + "{\"value\": \"a*\"}, {\"value\": \"b\"}, {\"value\": \"c?\", \"operator\": 1}]}",
        "error CML0570: the line of value a* has 'within' and 'method': a threshold is given, or chosen\n  --> x.scheme.json\n"
        + "  help: take one of the two out\n"
        + "error CML0570: 'bit' is no field of the line of operator nn.relu\n  --> x.scheme.json\n  help: did you mean 'bits'?\n"
        + "error CML0570: 'operator' of entry 4 of 'values' is no text\n  --> x.scheme.json\n"
        + "error CML0570: the file has no field 'model'\n  --> x.scheme.json\n"
        + "error CML0570: value a* stands there twice\n  --> x.scheme.json")]
    [InlineData("{\"format\": 1, \"model\": \"m\", \"means\": [{}, {}]}",
        "error CML0570: entry 0 of 'means' has no field 'layer'\n  --> x.scheme.json\n"
        + "error CML0570: entry 1 of 'means' has no field 'layer'\n  --> x.scheme.json")]
    public void Mistakes_are_told_all_at_once(string text, string told) =>
        Assert.Equal(told, string.Join('\n', Refused(text).Diagnostics));

    [Theory]
    [InlineData("\"format\": 1", "'format' of the file stands there twice")]
    [InlineData("\"data\": [[[[[[[[]]]]]]]]", "the scheme is no JSON")]
    [InlineData("\"inputs\": []", "'inputs' is no object")]
    [InlineData("\"inputs\": {\"x\": 7}", "'inputs' gives 'x' the shape 7; expected a list of whole numbers above 0")]
    [InlineData("\"inputs\": {\"x\": [1, \"3\"]}", "'inputs' gives 'x' the shape [1, \"3\"]; expected a list of whole numbers above 0")]
    [InlineData("\"inputs\": {\"x\": [1, 0]}", "'inputs' gives 'x' the shape [1, 0]; expected a list of whole numbers above 0")]
    [InlineData("\"values\": {}", "'values' is no list")]
    [InlineData("\"values\": [{\"value\": 3}]", "'value' of entry 0 of 'values' is no text")]
    [InlineData("\"values\": [{\"value\": \"a\", \"within\": \"1\"}]",
        "'within' of value 'a' is \"1\"; expected a finite number from 0 on")]
    [InlineData("\"values\": [{\"value\": \"a\", \"within\": 1e999}]",
        "'within' of value 'a' is 1e999; expected a finite number from 0 on")]
    [InlineData("\"values\": [{\"value\": \"a\", \"bits\": 31}]", "'bits' of value 'a' is 31; expected a number from 2 to 30")]
    [InlineData("\"values\": [{\"value\": \"a\", \"headroom\": 0.5}]",
        "'headroom' of value 'a' is 0.5; expected a number from 1 to 1024")]
    [InlineData("\"values\": [{\"value\": \"a\", \"centred\": 1}]", "'centred' of value 'a' is neither true nor false")]
    [InlineData("\"values\": [{\"value\": \"a\", \"count\": 1, \"min\": 1e39}]", "'min' of value 'a' is 1e39; expected a finite number")]
    [InlineData("\"values\": [{\"value\": \"a\", \"channels\": [1]}]",
        "value 'a' has 'channels', which are shares of 'within', and no 'within'")]
    [InlineData("\"values\": [{\"value\": \"a\", \"within\": 1, \"channels\": 1}]",
        "'channels' of value 'a' is no list of finite numbers from 0 on")]
    [InlineData("\"values\": [{\"value\": \"a\", \"within\": 1, \"channels\": [\"1\"]}]",
        "'channels' of value 'a' is no list of finite numbers from 0 on")]
    [InlineData("\"values\": [{\"value\": \"a\", \"within\": 1, \"channels\": [-1, 1]}]",
        "'channels' of value 'a' is no list of finite numbers from 0 on")]
    [InlineData("\"layers\": [{\"layer\": \"a\"}, {\"layer\": \"a\"}, {\"layer\": \"a\"}]", "layer 'a' stands there several times")]
    [InlineData("\"layers\": [{\"layer\": \"a\", \"bits\": 8}]", "'bits' is no field of layer 'a'")]
    [InlineData("\"layers\": [{\"layer\": \"a\", \"rounding\": \"up\"}]", "'rounding' of layer 'a' is 'up'; expected nearest or measured")]
    [InlineData("\"means\": [{\"layer\": \"a\"}, {\"layer\": \"a\"}]", "layer 'a' stands there twice")]
    [InlineData("\"means\": [{\"layer\": \"a\", \"mean\": [1]}]", "'mean' is no field of entry 0 of 'means'")]
    [InlineData("\"means\": [{\"layer\": \"a\", \"means\": [1e999]}]", "'means' of entry 0 of 'means' is no list of finite numbers")]
    [InlineData("\"means\": [{\"layer\": \"a\", \"flips\": \"A\"}]", "'flips' of entry 0 of 'means' is no base64")]
    [InlineData("\"settings\": {\"inputs\": 8}", "'inputs' is no field of 'settings'")]
    [InlineData("\"settings\": {\"input\": 7.5}", "'input' of 'settings' is 7.5; expected a whole number")]
    public void A_field_that_makes_no_sense_is_named(string field, string told) =>
        Assert.Equal(told, Assert.Single(Refused($"{{\"format\": 1, \"model\": \"m\", {field}}}").Diagnostics).Message);

    [Theory]
    [InlineData("\"values\": [{\"operator\": \"nn.relu\"}], \"layers\": [{\"layer\": \"a\"}]")]
    [InlineData("\"values\": [{\"operator\": \"nn.relu\"}], \"means\": [{\"layer\": \"a\"}]")]
    public void What_is_not_of_any_network_says_of_which_it_is(string fields) => Assert.Equal(
        "the file has no field 'model'", Assert.Single(Refused($"{{\"format\": 1, {fields}}}").Diagnostics).Message);

    private static DiagnosticException Refused(string text) =>
        Assert.Throws<DiagnosticException>(() => new SchemeReader("x.scheme.json").Read(text));
}
