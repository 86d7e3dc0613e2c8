using CortexMl.Data.Preprocess;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Inputs;

/// <summary>The pass center-inputs: what it does to which input, and that the network computes the same of it.</summary>
public sealed class CenterInputsTests
{
    private const string Images = "[1, 3, 5, 4]", Padded = "%y = nn.conv2d(%x, @w, @b) {kernel = [3, 3], padding = [1, 2, 2, 1]}";

    private const string Limited = "%y = nn.conv2d(%c, @w, @b) {kernel = [3, 3], padding = [1, 1]}";

    private const string Unit = """{"scale": 0.00392156862745098}""";

    private const string AboveZero = """{"scale": 0.00392156862745098, "mean": [-1]}""";

    private const string ImageNet =
        """{"scale": 0.00392156862745098, "mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}""";

    [Theory]
    [InlineData(Images, Padded, Unit)]
    [InlineData(Images, Padded, ImageNet)]
    [InlineData(Images, Padded, """{"scale": 0.00784313725490196, "mean": [1]}""")]
    [InlineData(Images, Padded, """{"mean": [128], "std": [128]}""")]
    [InlineData(Images, "%y = nn.conv2d(%x, @uneven) {kernel = [2, 2]}", """{"mean": [128], "std": [128]}""")]
    [InlineData(Images, "%y = nn.conv2d(%x, @w) {kernel = [3, 3], strides = [2, 2]}", ImageNet)]
    [InlineData("[1, 5, 4, 3]", "%t = nn.transpose(%x) {axes = [0, 3, 1, 2]}\n"
        + "%y = nn.conv2d(%t, @w, @b) {kernel = [3, 3], padding = [1, 1]}", ImageNet)]
    [InlineData(Images, "%f = nn.flatten(%x)\n" + "%y = nn.dense(%f, @d)", ImageNet)]
    [InlineData(Images, "%y = nn.conv2d(%x, @g, @b3) {kernel = [3, 3], groups = 3, padding = [1, 1]}", ImageNet)]
    [InlineData(Images, "%s = nn.slice(%x) {begin = [0, 0, 0, 0], end = [1, 3, 4, 4], strides = [1, 1, 2, 1]}\n"
        + "%r = nn.slice(%x) {begin = [0, 0, 1, 0], end = [1, 3, 5, 4], strides = [1, 1, 2, 1]}\n"
        + "%c = nn.concat(%s, %r) {axis = 1}\n" + "%y = nn.conv2d(%c, @six, @b) {kernel = [2, 2], padding = [1, 1]}", ImageNet)]
    [InlineData(Images, "%c = nn.clip(%x) {min = -2.2, max = 2.65}\n" + Limited, ImageNet)]
    [InlineData(Images, "%c = nn.clip(%x) {min = 0.25, max = 0.5}\n" + Limited, Unit)]
    [InlineData(Images, "%c = nn.relu(%x)\n" + Limited, Unit)]
    [InlineData(Images, "%c = nn.relu(%x)\n" + Limited, """{"mean": [128], "std": [128]}""")]
    [InlineData(Images, "%y = nn.conv2d(%x, @w) {kernel = [3, 3]}", AboveZero)]
    public void The_layers_compute_the_same_of_pixels_less_127(string shape, string body, string preparation)
    {
        var (graph, pixels) = (Graph(shape, body), Pixels(shape));
        var real = Prepared(pixels, preparation);
        var expected = NaiveEvaluator.Run(graph, [real.ToDouble()])[0];
        Center(graph, Calibration(preparation, real));
        var centering = InputSignature.CenteringOf(graph, 0)!;
        Assert.Equal(127, graph.Inputs[0].Type.Threshold);
        Assert.Equal(pixels.Data.Select(p => Math.Min(127, p - 127)), InputQuantizer.Quantize(real, 1, 8, centering).Data);
        var found = NaiveEvaluator.Run(graph, [Tensor.Create(real.Shape, centering.Of(real))])[0];
        Assert.Equal(expected.Shape, found.Shape);
        for (int i = 0; i < found.Length; i++) Assert.Equal(expected.Data[i], found.Data[i], 1e-4);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Numbers_of_one_side_are_centred_in_the_middle_of_their_range_and_zero_stays_an_integer(int sign)
    {
        var graph = Graph(Images, Padded);
        var real = Tensor.Create(Shape.Of(1, 3, 5, 4), [.. Enumerable.Range(0, 60).Select(i => sign * (-0.5f + i * 0.1f))]);
        var expected = NaiveEvaluator.Run(graph, [real.ToDouble()])[0];
        Center(graph, Calibration("{}", real, "f32"));
        var centering = InputSignature.CenteringOf(graph, 0)!;
        double reach = graph.Inputs[0].Type.Threshold!.Value, zero = centering.Of(0, 0) * 127 / reach;
        Assert.Equal((null, 1.0), (centering.Axis, centering.Gain[0]));
        Assert.InRange(reach, 2.95, 2.96);
        Assert.Equal(-105 * sign, zero, 1e-9);
        Assert.All(centering.Of(real), x => Assert.InRange(x, -reach - 1e-6, reach + 1e-6));
        var found = NaiveEvaluator.Run(graph, [Tensor.Create(real.Shape, centering.Of(real))])[0];
        for (int i = 0; i < found.Length; i++) Assert.Equal(expected.Data[i], found.Data[i], 1e-4);
    }

    [Fact]
    public void Zero_belongs_to_the_range_although_no_number_is_so_small()
    {
        var graph = Graph(Images, Padded);
        Center(graph, Calibration("{}", Tensor.Create(Shape.Of(60), [.. Enumerable.Range(0, 60).Select(i => 4 - i * 2 / 59f)]), "f32"));
        Assert.Equal(2, graph.Inputs[0].Type.Threshold);
        Assert.Equal(2, InputSignature.CenteringOf(graph, 0)!.Offset[0]);
    }

    [Fact]
    public void Numbers_of_another_type_are_no_pixels()
    {
        var graph = Graph(Images, Padded);
        Center(graph, Calibration(Unit, Prepared(Pixels(Images), Unit), "f32"));
        Assert.Equal(1, InputSignature.CenteringOf(graph, 0)!.Gain[0]);
    }

    [Theory]
    [InlineData("%y = nn.add(%x, @one)")]
    [InlineData("%y = nn.max_pool2d(%x) {kernel = [2, 2]}")]
    [InlineData("%c = nn.concat(%x, @image) {axis = 1}\n" + "%y = nn.conv2d(%c, @six) {kernel = [2, 2]}")]
    [InlineData("%z = nn.sigmoid(%x)\n" + Padded + "\n%t = nn.flatten(%z)")]
    public void What_something_else_reads_stays(string body) => Stays(Graph(Images, body), Unit, p => p);

    /// <summary>Channels that a reshape mixes have no one offset each.</summary>
    [Fact]
    public void Mixed_channels_stay() => Stays(
        Graph(Images, "%r = nn.reshape(%x) {shape = [1, 2, 10, 3]}\n" + "%y = nn.conv2d(%r, @two) {kernel = [2, 2]}"), ImageNet, p => p);

    /// <summary>p - 127 is what the integers are without it.</summary>
    [Fact]
    public void Pixels_that_are_integers_already_stay() => Stays(
        Graph(Images, Padded), """{"mean": [127], "std": [127]}""", p => Math.Min(p, (byte)254));

    /// <summary>The steps of small weights beside a large one would be multiplied by -127 nearly everywhere.</summary>
    [Fact]
    public void Pixels_that_are_mostly_zero_stay_where_weights_are_uneven() => Stays(
        Graph(Images, "%y = nn.conv2d(%x, @uneven) {kernel = [2, 2]}"), Unit, p => p > 250 ? p : (byte)0);

    /// <summary>The zero of a border is no pixel where pixels are 1 to 2.</summary>
    [Fact]
    public void Padding_beyond_the_pixels_stays() => Stays(Graph(Images, Padded), AboveZero, p => p);

    [Theory]
    [InlineData(0, true, true)]
    [InlineData(0, null, true)]
    [InlineData(0, false, false)]
    [InlineData(-0.9f, true, true)]
    [InlineData(-0.9f, null, false)]
    public void A_scheme_decides_whatever_is_gained(float least, bool? decided, bool expected)
    {
        var graph = Graph(Images, Padded);
        var real = Tensor.Create(Shape.Of(60), [.. Enumerable.Range(0, 60).Select(i => least + (1 - least) * i / 59)]);
        Center(graph, Calibration("{}", real, "f32"), decided: decided);
        Assert.Equal(expected, InputSignature.CenteringOf(graph, 0) is not null);
    }

    /// <summary>Of pixels that gain nothing, as of any other data, the middle of the range is taken.</summary>
    [Fact]
    public void Pixels_that_are_integers_already_are_centred_as_other_data_where_a_scheme_says_so()
    {
        const string Symmetric = """{"mean": [127], "std": [127]}""";
        var (graph, pixels) = (Graph(Images, Padded), Pixels(Images));
        var real = Prepared(Tensor.Create(pixels.Shape, Array.ConvertAll(pixels.Data, p => Math.Min(p, (byte)254))), Symmetric);
        Center(graph, Calibration(Symmetric, real), decided: true);
        Assert.Equal(1, InputSignature.CenteringOf(graph, 0)!.Gain[0]);
    }

    [Fact]
    public void What_a_scheme_says_is_zero_stays()
    {
        var graph = Graph(Images, Padded);
        Center(graph, Calibration(Unit, Prepared(Pixels(Images), Unit)), decided: true, threshold: 0);
        Assert.Null(InputSignature.CenteringOf(graph, 0));
    }

    /// <summary>A file that a person wrote has a threshold and says that it was measured on nothing.</summary>
    [Fact]
    public void What_nobody_saw_stays()
    {
        var graph = Graph(Images, "%y = nn.conv2d(%x, @even) {kernel = [2, 2]}");
        var calibration = Calibration(Unit, Prepared(Pixels(Images), Unit));
        Center(graph, calibration with { Values = [new CalibratedValue("x", 1, new ValueSummary(0, 0, 0, 0, 0))] }, threshold: 1);
        Assert.Null(InputSignature.CenteringOf(graph, 0));
    }

    [Fact]
    public void Keep_keeps_inputs()
    {
        var graph = Graph(Images, Padded);
        var real = Prepared(Pixels(Images), Unit);
        Center(graph, Calibration(Unit, real), "center-inputs{inputs=keep}");
        Assert.Null(InputSignature.CenteringOf(graph, 0));
    }

    /// <summary>Blue, the narrowest channel, would have another limit than red.</summary>
    [Fact]
    public void Channels_that_a_limit_cuts_off_stay() => Stays(
        Graph(Images, "%c = nn.clip(%x) {min = -3, max = 2}\n" + Limited), ImageNet, p => p);

    private static void Stays(Graph graph, string preparation, Func<byte, byte> pixel)
    {
        var pixels = Pixels("[1, 3, 5, 4]");
        var real = Prepared(Tensor.Create(pixels.Shape, Array.ConvertAll(pixels.Data, p => pixel(p))), preparation);
        Center(graph, Calibration(preparation, real));
        Assert.Null(InputSignature.CenteringOf(graph, 0));
    }

    private static void Center(
        Graph graph, CalibrationFile calibration, string pipeline = "center-inputs", bool? decided = null, double? threshold = null)
    {
        var services = new PassServices();
        services.Results.Set(calibration);
        services.Given.Set(new GivenScheme(
            "s", new SchemeFile("m", new SchemeSettings(), [new ValueDecision("x", null) { Centred = decided }], [])));
        foreach (var value in Measurement.Values(graph)) new Rewriter(graph).SetType(value, value.Type with { Threshold = 1 });
        var seen = calibration.Values[0].Seen!;
        new Rewriter(graph).SetType(graph.Inputs[0], graph.Inputs[0].Type with { Threshold = threshold ?? Math.Max(-seen.Min, seen.Max) });
        string before = TextPrinter.Print(graph);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(pipeline), services);
        if (InputSignature.CenteringOf(graph, 0) is null) Assert.Equal(before, TextPrinter.Print(graph));
        foreach (var value in Measurement.Values(graph)) Assert.NotNull(value.Type.Threshold);
    }

    private static CalibrationFile Calibration(string preparation, Tensor<float> real, string type = "u8")
    {
        double mean = real.Data.Average(x => (double)x), deviation = Math.Sqrt(real.Data.Average(x => (x - mean) * (x - mean)));
        var seen = new ValueSummary(real.Data.Min(), real.Data.Max(), (float)mean, (float)deviation, real.Length);
        return new("m", "d", "absmax", [new CalibratedValue("x", 1, seen)])
        {
            Preparation = preparation, CalibratedOn = $$"""[{"input": "x", "type": "{{type}}"}]""",
        };
    }

    private static Tensor<byte> Pixels(string shape)
    {
        int[] dims = [.. shape.Trim('[', ']').Split(", ").Select(int.Parse)];
        return Tensor.Create(Shape.Of(dims), [.. Enumerable.Range(0, 60).Select(i => (byte)(i * 255 / 59 * 7 % 256))]);
    }

    private static Tensor<float> Prepared(Tensor<byte> pixels, string preparation)
    {
        var options = Preprocessing.FromJson(preparation) with { Resize = null };
        bool isLast = pixels.Shape[1] != 3;
        var layout = isLast ? DataLayout.Nhwc : DataLayout.Nchw;
        return new Preprocessor(options with { Layout = layout }, pixels.Shape, "x").Apply(pixels, "sample");
    }

    private static Graph Graph(string shape, string body) => TextParser.ParseOne($$"""
        graph @g(%x: f32{{shape}}) {
          @w: f32[4, 3, 3, 3] = random(1)
          @b: f32[4] = [1, -2, 3, 0.5]
          @b3: f32[3] = [1, -2, 3]
          @g: f32[3, 1, 3, 3] = random(2)
          @d: f32[4, 60] = random(3)
          @six: f32[4, 6, 2, 2] = random(4)
          @two: f32[4, 2, 2, 2] = random(5)
          @image: f32[1, 3, 5, 4] = random(6)
          @one: f32[] = 1
          @even: f32[1, 3, 2, 2] = [1, -1, 1, -1, 1, 1, -1, -1, 1, -1, 1, 1]
          @uneven: f32[1, 3, 2, 2] = [9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1]
          {{body}}
          return %y
        }
        """);
}
