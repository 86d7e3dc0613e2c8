using System.Globalization;
using System.Text.RegularExpressions;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

/// <summary>Outputs and values that are cut off on samples are told with how many of them are, and what helps.</summary>
public sealed class SaturationTests : IDisposable
{
    private const string Network = """
        graph @net(%x: f32[1, 4]) {
          @w: f32[4, 4] = random(1)
          @v: f32[2, 4] = random(2)
          %h = nn.dense(%x, @w)
          %r = nn.abs(%h)
          %y = nn.dense(%r, @v)
          return %y
        }
        """;

    /// <summary>Nothing between input and output cuts off first.</summary>
    // A difference of columns: small where they are alike.
    private const string Single = """
        graph @net(%x: f32[1, 4]) {
          @w: f32[1, 4] = [1, -0.9, 0.5, -0.4]
          %y = nn.dense(%x, @w)
          return %y
        }
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, null)]
    [InlineData(0.5f, null)]
    [InlineData(-1, "warning CML0959: output 'y' (test data) is cut off: ")]
    public void An_output_beyond_what_calibration_saw(float second, string? told)
    {
        string errors = Compile(Single, "--data", Pairs("data.npy", 1), "--test", Pairs("test.npy", second));
        if (told is null) Assert.DoesNotContain("CML0959", errors, StringComparison.Ordinal);
        else
        {
            Assert.Contains(told, errors, StringComparison.Ordinal);
            Assert.Contains("help: calibrate on data as large as what the model will see", errors, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(0.25, true)]
    public void A_value_whose_threshold_cuts_off_much_of_it(double factor, bool isTold)
    {
        string errors = WithThreshold(Network, factor);
        Assert.Equal(isTold, Regex.IsMatch(errors, @"warning CML0959: value 'r' is cut off: \d+ of 64 elements \(\d+\.\d %\) lie beyond"));
    }

    /// <summary>Its sigmoid is 0 or 1 there anyway.</summary>
    [Fact]
    public void A_value_that_a_sigmoid_cuts_off_is_no_doubt()
    {
        string network = Network.Replace("nn.abs", "nn.sigmoid", StringComparison.Ordinal)
            .Replace("%h = nn.dense(%x, @w)", "@c: f32[] = 40\n  %s = nn.dense(%x, @w)\n  %h = nn.mul(%s, @c)", StringComparison.Ordinal);
        Assert.DoesNotContain("CML0959", Compile(network, "--data", Data("data.npy", 1)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", 1, false)]
    [InlineData("run", 1.3f, true)]
    [InlineData("eval", 1.3f, true)]
    [InlineData("compile", 1.3f, true)]
    public void Test_data_beyond_the_input_are_told_once(string command, float factor, bool isTold)
    {
        string test = Data("test.npy", factor);
        string told = Compile(Single, ["--data", Data("data.npy", 1), .. command == "compile" ? ["--test", test] : Array.Empty<string>()]);
        if (command != "compile") told = CliRun.Of(command, _folder["out"], "--data", test).Error;
        int count = Regex.Count(told, @"warning CML0959: input 'x' of '(out|net)' is cut off: 256 of 256 elements \(100\.0 %\) lie beyond");
        Assert.Equal(isTold ? 1 : 0, count);
    }

    [Theory]
    [InlineData(1000, 20, 0)]
    [InlineData(1000, 21, 1)]
    public void A_part_of_an_input_may_be_cut_off(long elements, long beyond, int told)
    {
        var model = new Model("net", CortexMl.Text.TextParser.ParseOne(Single));
        Assert.Equal(told, SaturationDoubts.OfInputs(new(model, "cpu", []) { InputsCutOff = [(elements, beyond)] }).Count());
    }

    [Theory]
    [InlineData(128.4f, 0)]
    [InlineData(-128.6f, 1)]
    public void White_that_is_a_step_too_large_is_not_cut_off(float real, long expected)
    {
        InputQuantizer.Quantize(Tensor.Vector(real), 1, 8, null, out long beyond);
        Assert.Equal(expected, beyond);
    }

    [Fact]
    public void Strictly_a_saturated_output_is_an_error()
    {
        var run = CliRun.Of("compile", _folder.Write("net.cml", Single), "-o", _folder["out"], "--data", Pairs("data.npy", 1),
            "--test", Pairs("test.npy", -1), "--strict");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0959: output 'y' (test data) is cut off: ", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(_folder["out/symbol"]));
    }

    [Theory]
    [InlineData(3, 1000, 0)]
    [InlineData(4, 1000, 1)]
    [InlineData(4, 40000, 0)]
    public void A_few_elements_of_an_output_may(long beyond, long elements, int told)
    {
        var output = new NodeNoise("y", 40, 1, 0.1) { Output = "y", CutOff = new(elements, beyond, 100, 0.01) };
        Assert.Equal(told, SaturationDoubts.Of([output]).Count());
    }

    [Theory]
    [InlineData(10, 2, true, 0)]
    [InlineData(11, 2, true, 1)]
    [InlineData(11, 1, true, 0)]
    [InlineData(11, 2, false, 0)]
    public void A_value_is_told_where_much_of_it_is_lost_and_passed_on(long beyond, double lost, bool isPassedOn, int told)
    {
        var value = new NodeNoise("h", 10, 1, 0.1) { CutOff = new(1000, beyond, 100, lost), IsPassedOn = isPassedOn };
        Assert.Equal(told, SaturationDoubts.Of([value]).Count());
    }

    [Theory]
    [InlineData(127, 12.8f, 1, 0.01)]
    [InlineData(-127, -12.9f, 1, 0.04)]
    [InlineData(127, 12.79f, 0, 0)]
    [InlineData(126, 12.9f, 0, 0)]
    public void An_element_is_cut_off_at_the_bound_and_a_step_beyond_it(int integer, float real, long beyond, double lost)
    {
        var one = default(CutOff).With(real, integer, 10, 127);
        Assert.Equal((1, beyond, lost), (one.Elements, one.Beyond, Math.Round(one.Lost, 4)));
    }

    /// <summary>Calibrated once, then with the threshold of <c>r</c> times a factor.</summary>
    private string WithThreshold(string network, double factor)
    {
        Compile(network, "--data", Data("data.npy", 1));
        string file = _folder["out/model.calibration.json"], text = File.ReadAllText(file);
        var threshold = Regex.Match(text, "(\"name\": \"r\", \"threshold\": )([0-9.]+)");
        double value = double.Parse(threshold.Groups[2].Value, CultureInfo.InvariantCulture) * factor;
        string other = threshold.Groups[1].Value + value.ToString(CultureInfo.InvariantCulture);
        string edited = _folder.Write("edited.json", text.Replace(threshold.Value, other, StringComparison.Ordinal));
        return Compile(network, "--calibration", edited, "--test", _folder["data.npy"]);
    }

    private string Compile(string network, params string[] options)
    {
        var run = CliRun.Of(["compile", _folder.Write("net.cml", network), "-o", _folder["out"], .. options]);
        Assert.True(run.Exit == 0, run.Error);
        return run.Error;
    }

    /// <summary>Rows of a wave and a multiple of it, twice.</summary>
    private string Pairs(string name, float second)
    {
        float[] data = [.. Enumerable.Range(0, 256).Select(i => (float)Math.Sin(1 + i / 4 * 3) * (i % 2 == 0 ? 1 : second))];
        NpyWriter.Write(_folder[name], Tensor.Create(Shape.Of(64, 1, 4), data));
        return _folder[name];
    }

    /// <summary>Waves within ±1, or with a factor all choices of signs of it.</summary>
    private string Data(string name, float factor)
    {
        float[] data = new float[256];
        for (int i = 0; i < data.Length; i++)
            data[i] = factor == 1 ? (float)Math.Sin(1 + i * 3) : (i / 4 >> i % 4 & 1) == 0 ? factor : -factor;
        NpyWriter.Write(_folder[name], Tensor.Create(Shape.Of(64, 1, 4), data));
        return _folder[name];
    }
}
