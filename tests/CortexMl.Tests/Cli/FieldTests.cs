using System.Text.RegularExpressions;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>
/// Small inputs that went wrong for others (../shared/data/field, its README has the table): compiled as a user would, each ends with files
/// or with a coded
/// reason that names its node; nothing is shown of how we or ONNX Runtime are built. What the table asks of single cases stands below.
/// </summary>
public sealed partial class FieldTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Cases
    {
        get
        {
            string folder = Path.Combine(Repository.Root, "..", "shared", "data", "field");
            return Directory.Exists(folder)
                ? [.. Directory.GetDirectories(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)] : ["absent"];
        }
    }

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public void A_case_compiles_or_is_refused_with_a_reason(string name)
    {
        var run = Compile(name);
        Assert.InRange(run.Exit, 0, 2);
        Assert.DoesNotMatch(Internals(), run.Error + run.Output);
        if (run.Exit == 0) Assert.True(File.Exists(Path.Combine(_folder["out"], "symbol")));
        else Assert.Matches(Reason(), run.Error);
    }

    [SkippableTheory]
    [InlineData("bn_old_outputs", "5 outputs")]
    [InlineData("bn_training15", "training_mode = 1")]
    public void Batch_normalisation_in_its_form_for_training_is_refused_with_advice(string name, string sign)
    {
        var run = Compile(name);
        Assert.Equal(2, run.Exit);
        Assert.Contains($"error CML0215: BatchNormalization 'y': it is in its form for training ({sign})", run.Error,
            StringComparison.Ordinal);
        Assert.Contains("  help: export the model for inference (in PyTorch model.eval() and", run.Error, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void Boxes_beside_probabilities_leave_these_as_many_steps_as_they_have_alone()
    {
        Assert.DoesNotContain("CML0535", Compile("yolo_concat_head").Error, StringComparison.Ordinal);
        var (real, integers) = Outputs("yolo_concat_head");
        int row = real.Shape[^1], same = 0;
        for (int from = 0; from < real.Length; from += row)
            if (Best(real, from) == Best(integers, from)) same++;
        // 98.8 %: what outputs of their own have.
        Assert.InRange(same, 0.987 * real.Length / row, real.Length / row);

        // Behind four numbers of the box.
        int Best(Tensor rows, int from) => Enumerable.Range(from + 4, row - 4).MaxBy(rows.GetDouble) - from;
    }

    [SkippableFact]
    public void An_output_of_16_bits_of_boxes_beside_probabilities_is_warned_of_with_the_remedy()
    {
        var run = Compile("yolo_concat_head", "--output-precision", "16");
        Assert.Contains("""
            warning CML0535: output 'y' joins values of ranges far apart at one scale: 'bx' with values up to 1126 leaves few steps to 'sc'
            """, run.Error, StringComparison.Ordinal);
        Assert.Contains("help: return the parts as outputs of their own", run.Error, StringComparison.Ordinal);
        Assert.Equal(2, run.Error.Split("CML0535").Length);
    }

    [SkippableTheory]
    [InlineData("qdq_step_2bit", "QuantizeLinear 'q0', 'q1'")]
    [InlineData("brevitas176_trunc", "QuantizeLinear 'xq'")]
    [InlineData("qcdq_2bit", "QuantizeLinear 'q0', 'q1'")]
    public void Rounding_that_is_left_out_is_told_once_with_its_nodes(string name, string nodes)
    {
        var run = Compile(name);
        Assert.Equal(0, run.Exit);
        Assert.Equal(1, run.Error.Split($"note CML0214: {nodes}: its rounding is left out").Length - 1);
        Assert.Equal(1, run.Error.Split("its rounding is left out").Length - 1);
    }

    [SkippableTheory]
    [InlineData("gemm_transA", 35)]
    [InlineData("maxpool_dil", 35)]
    [InlineData("interp_bilin", 33)]
    [InlineData("mx_upsampling_bilinear", 33)]
    [InlineData("act_clip_minmax_swapped", 60)]
    [InlineData("attn_mask_lowest", 33)]
    [InlineData("attn_mask_inf", 33)]
    [InlineData("attn_where_inf", 33)]
    [InlineData("attn_nomask", 33)]
    [InlineData("tabular_mild", 30)]
    [InlineData("two_inputs_ranges", 30)]
    [InlineData("concat_ranges_conv", 30)]
    public void Integers_follow_the_float_network(string name, double least)
    {
        Assert.Equal(0, Compile(name).Exit);
        Assert.InRange(Decibels(name), least, double.PositiveInfinity);
    }

    [SkippableFact]
    public void A_clip_whose_bounds_are_exchanged_is_told_in_the_users_words() =>
        Assert.Contains("warning CML0214: Clip 'y': its min 1 is above its max -1: by ONNX's definition everything becomes -1",
            Compile("act_clip_minmax_swapped").Error, StringComparison.Ordinal);

    [SkippableTheory]
    [InlineData(
        "mx_pad_ge_kernel_real", "Pooling 'p': the window at row -1 lies wholly in the padding", "use padding that is smaller than")]
    [InlineData("mx_Crop", "Crop 'u': 12 x 12 from row 1 and column 1 on does not lie in an image of 10 x 10", "check the order of the")]
    public void What_MXNet_cannot_mean_is_refused_at_its_node(string name, string message, string hint)
    {
        var run = Compile(name);
        Assert.Equal(2, run.Exit);
        Assert.Contains($"error CML0207: {message}", run.Error, StringComparison.Ordinal);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
    }

    private CliRun Compile(string name, params string[] options) =>
        CliRun.Of(["compile", Model(name), "-o", _folder["out"], "--data", Data(name, "data"), .. options]);

    private static string Model(string name)
    {
        string folder = SharedData.Folder("field", name), onnx = Path.Combine(folder, "model.onnx");
        return File.Exists(onnx) ? onnx : Path.Combine(folder, "m-symbol.json");
    }

    private static string Data(string name, string kind)
    {
        string folder = SharedData.Folder("field", name);
        return new[] { $"{kind}.npy", $"{kind}.npz", "data.npy", "data.npz" }.Select(f => Path.Combine(folder, f)).First(File.Exists);
    }

    /// <summary>Signal to noise of the integers, divided by their scale, against the float network.</summary>
    private double Decibels(string name)
    {
        var (real, integers) = Outputs(name);
        double scale = ModelIo.Read(Path.Combine(_folder["out"], ModelIo.FileName)).Outputs[0].Scale, signal = 0, noise = 0;
        for (int i = 0; i < real.Length; i++)
        {
            signal += Math.Pow(real.GetDouble(i), 2);
            noise += Math.Pow(real.GetDouble(i) - integers.GetDouble(i) / scale, 2);
        }
        return 10 * Math.Log10(signal / Math.Max(noise, 1e-12 * signal));
    }

    /// <summary>The first output of both networks.</summary>
    private (Tensor Real, Tensor Integers) Outputs(string name)
    {
        return (Run(Model(name), "real.npy"), Run(_folder["out"], "integers.npy"));

        Tensor Run(string model, string file)
        {
            Assert.Equal(0, CliRun.Of("run", model, "--data", Data(name, "test"), "-o", _folder[file]).Exit);
            return NpyReader.Read(File.ReadAllBytes(_folder[file]), file);
        }
    }

    [GeneratedRegex(@"internal error|this is a bug|onnxruntime_src|\.(h|cc|cs):(line )?\d|^\s+at \w+\.", RegexOptions.Multiline)]
    private static partial Regex Internals();

    [GeneratedRegex(@"error CML\d{4}: .*'[^']+'|node '|value '%", RegexOptions.Singleline)]
    private static partial Regex Reason();
}
