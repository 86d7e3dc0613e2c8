using CortexMl.Diagnostics;
using CortexMl.Passes.Calibrate;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

public class CalibrationFileTests
{
    private const string Text =
        """
        {
          "format": 1,
          "model": "sha256:00",
          "data": "2 \u0022quoted\u0022 samples",
          "method": "absmax",
          "inputs": {"data": [1, 3, 32, 32]},
          "preprocessing": {"scale":0.5},
          "values": [
            {"name": "data", "threshold": 2.75, "min": -2.4291065, "max": 2.7537313, "mean": -0.1, "std": 1E-05, "count": 6144},
            {"name": "0", "threshold": 5.375}
          ]
        }

        """;

    private const string Lists =
        """
        {"format": 1, "model": "m", "data": "", "method": "", "calibratedOn": [],
         "values": [{"name": "x", "threshold": 1, "channels": [1, 0.5]}],
         "damage": [{"layer": "a", "data": [1], "weights": [2], "centred": [3]}, {"layer": "b", "data": [4], "weights": [5]}],
         "tables": [{"bits": 10, "errors": [6]}, {"bits": 12, "errors": [7]}],
         "layers": [{"layer": "a", "digest": "d", "means": [-1, 2], "integers": "i", "flips": "AAAA"},
                    {"layer": "b", "digest": "d", "means": []}]}
        """;

    [Fact]
    public void Reading_and_writing_gives_the_same_bytes() => Assert.Equal(Text.ReplaceLineEndings("\n"), Read(Text).Write());

    [Fact]
    public void A_value_may_say_its_own_method()
    {
        string text = Text.ReplaceLineEndings("\n").Replace("5.375}", "5.375, \"method\": \"percentile\"}", StringComparison.Ordinal);
        Assert.Equal([null, "percentile"], Read(text).Values.Select(v => v.Method));
        Assert.Equal(text, Read(text).Write());
    }

    [Fact]
    public void A_person_may_leave_comments_and_trailing_commas()
    {
        var file =
            Read(Text.Replace("2.75,", "3, // by hand\n", StringComparison.Ordinal).Replace("5.375}", "5.375},", StringComparison.Ordinal));
        Assert.Equal(["data 3", "0 5.375"], file.Values.Select(v => $"{v.Name} {v.Threshold}"));
    }

    [Fact]
    public void A_file_written_by_hand_may_leave_shapes_and_preprocessing_out()
    {
        string text = string.Join('\n',
            Text.Split('\n')
            .Where(l => !l.Contains("inputs", StringComparison.Ordinal) && !l.Contains("preprocessing", StringComparison.Ordinal)));
        Assert.Equal((0, "{}"), (Read(text).Inputs.Count, Read(text).Preparation));
    }

    [Fact]
    public void What_layers_cost_and_read_may_lack_what_was_not_noted()
    {
        var file = Read(Lists);
        Assert.Equal([1, 0.5], Assert.Single(file.Values).Channels);
        Assert.Equal([1, 0], file.Damage.Select(d => d.Centred.Count));
        Assert.Equal(["10: 6", "12: 7"], file.Tables.Select(t => $"{t.Bits}: {t.Errors.Single()}"));
        Assert.Equal([[-1, 2], []], file.Layers.Select(l => l.Means));
        Assert.Equal([new RoundedWeights("i", "AAAA"), null], file.Layers.Select(l => l.Rounded));
    }

    [Theory]
    [InlineData("{", "error CML0555: the calibration file is no JSON\n  --> x.calibration.json:1:2")]
    [InlineData("{\"\\ud800\": 1}",
        "error CML0555: a field's name holds an escape such as \\ud800 that stands for half a character\n  --> x.calibration.json")]
    [InlineData("[]", "error CML0555: the file holds no JSON object\n  --> x.calibration.json")]
    public void What_is_no_calibration_file_is_refused(string text, string message) => Assert.Equal(message, Errors(text));

    [Theory]
    [InlineData("\"format\": 1", "\"format\": 2", "'format' is 2; this version reads format 1")]
    [InlineData("\"format\": 1", "\"format\": \"1\"", "'format' is \"1\"; this version reads format 1")]
    [InlineData("\"model\"", "\"network\"", "the file has no field 'model'")]
    [InlineData("[1, 3, 32, 32]", "[1, 0]", "'inputs' gives 'data' the shape [1, 0]; expected a list of whole numbers above 0")]
    [InlineData("[1, 3, 32, 32]", "7", "'inputs' gives 'data' the shape 7; expected a list of whole numbers above 0")]
    [InlineData("[1, 3, 32, 32]", "[1, \"3\"]", "'inputs' gives 'data' the shape [1, \"3\"]; expected a list of whole numbers above 0")]
    [InlineData("{\"data\": [1, 3, 32, 32]}", "[]", "'inputs' is no object")]
    [InlineData("{\"scale\":0.5}", "[[[[[[[[]]]]]]]]", "the calibration file is no JSON")]
    [InlineData("{\"scale\":0.5}", "1", "'preprocessing' is no object")]
    [InlineData("2.75,", "2.75, \"method\": 7,", "'method' of value 'data' is no text")]
    [InlineData("2.75,", "-1,", "'threshold' of value 'data' is -1; expected a finite number from 0 on")]
    [InlineData("2.75,", "1e999,", "'threshold' of value 'data' is 1e999; expected a finite number from 0 on")]
    [InlineData("2.75,", "\"big\",", "'threshold' of value 'data' is \"big\"; expected a finite number from 0 on")]
    [InlineData("\"0\"", "\"data\"", "value 'data' stands there twice")]
    [InlineData("\"0\"", "\"\\ud800\"", "'name' of entry 1 of 'values' is no text")]
    [InlineData("\"name\": \"data\", ", "", "entry 0 of 'values' has no field 'name'")]
    [InlineData("{\"name\": \"0\", \"threshold\": 5.375}", "{}", "entry 1 of 'values' has no field 'threshold'")]
    [InlineData("{\"name\": \"0\", \"threshold\": 5.375}", "7", "entry 1 of 'values' is no object")]
    [InlineData("-2.4291065", "\"least\"", "'min' of value 'data' is \"least\"; expected a finite number\n")]
    [InlineData("6144", "-1", "'count' of value 'data' is -1; expected a whole number from 0 on")]
    [InlineData("6144", "\"6144\"", "'count' of value 'data' is \"6144\"; expected a whole number from 0 on")]
    [InlineData("6144", "0.5", "'count' of value 'data' is 0.5; expected a whole number from 0 on")]
    public void Fields_that_make_no_sense_are_named(string sound, string broken, string message) =>
        Assert.Contains(message, Errors(Text.Replace(sound, broken, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"calibratedOn\": []", "\"calibratedOn\": 1", "'calibratedOn' is no list")]
    [InlineData("\"values\": [", "\"values\": 1, \"more\": [", "'values' is no list")]
    [InlineData("\"damage\": [", "\"damage\": 1, \"more\": [", "'damage' is no list")]
    [InlineData("{\"layer\": \"b\", \"digest\": \"d\", \"means\": []}", "7", "entry 1 of 'layers' is no object")]
    [InlineData("[1, 0.5]", "1", "'channels' of value 'x' is no list of finite numbers from 0 on")]
    [InlineData("[1, 0.5]", "[1, \"0.5\"]", "'channels' of value 'x' is no list of finite numbers from 0 on")]
    [InlineData("[1, 0.5]", "[-1, 0.5]", "'channels' of value 'x' is no list of finite numbers from 0 on")]
    [InlineData("[-1, 2]", "[-1, 1e999]", "'means' of entry 0 of 'layers' is no list of finite numbers\n")]
    [InlineData("[4]", "[4, 4]", "the entries of 'damage' have different numbers of outputs")]
    [InlineData("[5]", "[5, 5]", "the entries of 'damage' have different numbers of outputs")]
    [InlineData("[3]", "[3, 3]", "the entries of 'damage' have different numbers of outputs")]
    [InlineData("\"b\", \"data\"", "\"a\", \"data\"", "layer 'a' stands twice in 'damage'")]
    [InlineData("\"tables\": [", "\"tables\": 1, \"more\": [", "'tables' is no list")]
    [InlineData("\"bits\": 12", "\"bits\": 10", "10 bits stand twice in 'tables'")]
    [InlineData("\"bits\": 12", "\"bits\": 17", "'bits' of entry 1 of 'tables' is no whole number up to 16")]
    [InlineData("\"bits\": 12", "\"bits\": 1.5", "'bits' of entry 1 of 'tables' is no whole number up to 16")]
    [InlineData("[7]", "[7, 7]", "the entries of 'tables' have another number of outputs than those of 'damage'")]
    [InlineData("\"b\", \"digest\"", "\"a\", \"digest\"", "layer 'a' stands twice in 'layers'")]
    [InlineData("\"integers\": \"i\", ", "", "entry 0 of 'layers' has no field 'integers'")]
    [InlineData(", \"flips\": \"AAAA\"", "", "entry 0 of 'layers' has no field 'flips'")]
    [InlineData("AAAA", "A", "'flips' of entry 0 of 'layers' is no base64")]
    public void Lists_that_make_no_sense_are_named(string sound, string broken, string message) =>
        Assert.Contains(message, Errors(Lists.Replace(sound, broken, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void No_truncated_file_is_accepted()
    {
        for (int length = 0; length < Text.TrimEnd().Length; length++)
            Assert.StartsWith("error CML0555", Errors(Text[..length]), StringComparison.Ordinal);
    }

    private static CalibrationFile Read(string text) => new CalibrationReader("x.calibration.json").Read(text);

    private static string Errors(string text) => Assert.Throws<DiagnosticException>(() => Read(text)).Message;
}
