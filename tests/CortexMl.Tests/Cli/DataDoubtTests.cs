using CortexMl.Tensors;
using SkiaSharp;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Data that cannot be what a model was calibrated on: u8 from 0 to 255, prepared by --scale 1/255.</summary>
public sealed class DataDoubtTests : IDisposable
{
    private const string Calibrated = "input 'data' was calibrated on u8 from 0 to 255, prepared 0 to 1";
    private const string Check = "check the data and how they are read";

    private const string Bytes = "x.npy (6 x [4, 4] u8), --scale 1/255";
    private const string TwoLevels = Calibrated + ": they use 2 of the 255 levels that it used";

    private readonly TinyModel _tiny = new();
    private readonly byte[] _bytes;

    public DataDoubtTests()
    {
        _bytes = [.. Enumerable.Range(0, 6 * 16).Select(i => (byte)((i + i / 16) % 16 * 17))];
        var run = Compile(_tiny.WriteNpy("calibration.npy", Images(_bytes)), "--scale", "1/255", "--quiet");
        Assert.Equal((0, ""), (run.Exit, run.Error));
    }

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Floats_from_0_to_1() => Tells(
        Images(_bytes, b => b / 255f),
        "warning CML0811: the data are f32 from 0 to 1, prepared 0 to 0.0039216; " + TwoLevels,
        "x.npy (6 x [4, 4] f32), --scale 1/255", "where 1 is full brightness: --scale 1");

    [Fact]
    public void Bytes_that_are_0_or_1() => Tells(
        Images(_bytes, b => (byte)(b / 128)),
        "warning CML0811: the data are u8 from 0 to 1, prepared 0 to 0.0039216; " + TwoLevels,
        Bytes, "where 1 is full brightness: --scale 1");

    [Fact]
    public void Floats_that_are_prepared_already() => Tells(
        Images(_bytes, b => b / 127.5f - 1),
        "warning CML0811: the data are f32 from -1 to 1, prepared -0.0039216 to 0.0039216; " + TwoLevels,
        "x.npy (6 x [4, 4] f32), --scale 1/255", "where the data are prepared already: --no-stored-prep");

    [Fact]
    public void Bytes_with_a_sign() => Tells(
        Images(_bytes, b => (sbyte)b),
        "warning CML0811: the data are i8 from -120 to 119, prepared -0.47059 to 0.46667; " + Calibrated +
        ": 25.0 % of the numbers lie far outside",
        "x.npy (6 x [4, 4] i8), --scale 1/255", "give data like those of calibration, or say how they are prepared");

    [Fact]
    public void Sixteen_bits() => Tells(
        Images(_bytes, b => (ushort)(b * 257)),
        "warning CML0811: the data are u16 from 0 to 65535, prepared 0 to 257; " + Calibrated + ": 93.8 % of the numbers lie far outside",
        "x.npy (6 x [4, 4] u16), --scale 1/255", "where 65535 is full brightness: --scale 1/65535");

    [Fact]
    public void Another_type_of_the_same_range_is_a_note() => Tells(
        Images(_bytes, b => (float)b),
        "note CML0811: the data are f32 from 0 to 255, prepared 0 to 1; " + Calibrated + "; the range fits",
        "x.npy (6 x [4, 4] f32), --scale 1/255");

    [Fact]
    public void Black_images() => Tells(
        Images(new byte[6 * 16]), "warning CML0812: 6 of 6 samples hold the number 0 everywhere", Bytes, Check);

    [Fact]
    public void Plain_images() => Tells(
        Images([.. Enumerable.Range(0, 96).Select(i => (byte)(i / 16 * 50))]),
        "warning CML0812: 6 of 6 samples hold one number everywhere", Bytes, Check);

    [Theory]
    [InlineData(1, "1 of 6 samples holds one number everywhere")]
    [InlineData(2, "2 of 6 samples hold one number everywhere")]
    public void Plain_images_among_others(int plain, string told) => Tells(
        Images([.. new byte[plain * 16], .. _bytes[(plain * 16)..]]), $"warning CML0812: {told}", Bytes, Check);

    [Fact]
    public void One_sample_over_and_over() => Tells(
        Images([.. Enumerable.Repeat(_bytes[..16], 6).SelectMany(b => b)]), "warning CML0812: all 6 samples are the same", Bytes, Check);

    [Fact]
    public void A_transparent_image_is_laid_on_white()
    {
        using var bitmap = new SKBitmap(4, 4, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        for (int i = 0; i < 16; i++) bitmap.SetPixel(i % 4, i / 4, new SKColor(0, 0, 0, 0));
        string image = _tiny.Folder.Write("x.png", bitmap.Encode(SKEncodedImageFormat.Png, 100).ToArray());
        const string Place = "  --> x.png, --channels gray --scale 1/255\n";
        var run = CliRun.Of("chain", "input", _tiny.Out, image, "--channels", "gray", "-o", _tiny.Folder["words"]);
        Assert.Equal(
            $"warning CML0812: the data hold the number 255 everywhere\n{Place}  help: {Check}\n" +
            $"note CML0813: the data have pixels that are not opaque: they are laid on white\n{Place}" +
            "  help: where they are meant for another background, lay them on it, and save them without transparency\n",
            WithoutPreparation(run.Error));
    }

    public static TheoryData<string> Commands => new()
    {
        "run OUT --data DATA",
        "run PACKAGE --data DATA --quiet",
        "eval OUT MODEL --data DATA",
        "eval MODEL OUT --data DATA --json",
        "verify OUT --data DATA --engines interpreter",
        "chain input OUT DATA",
        "chain simulate OUT --data DATA",
        "compile MODEL -o SECOND --calibration OUT/model.calibration.json --test DATA",
        "compile MODEL -o SECOND --data OWN --scale 1/255 --test DATA",
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_command_tells_once(string command)
    {
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Out, "-o", _tiny.Folder["package"]).Exit);
        string error = Run(command, Images(_bytes, b => b / 255f)).Error;
        Assert.Equal(1 + 1, error.Split("warning CML0811: the data are f32 from 0 to 1").Length);
        Assert.DoesNotContain("CML0811", Run(command, Images(_bytes)).Error);
    }

    // Compiled, every only input is called data.
    [Theory]
    [MemberData(nameof(Commands))]
    public void Whatever_the_network_calls_its_input(string command)
    {
        File.WriteAllText(_tiny.Model, File.ReadAllText(_tiny.Model).Replace("%data", "%image", StringComparison.Ordinal));
        Assert.Equal(0, Compile(_tiny.Folder["calibration.npy"], "--scale", "1/255", "--quiet").Exit);
        Assert.Equal(0, CliRun.Of("chain", "pack", _tiny.Out, "-o", _tiny.Folder["package"]).Exit);
        string error = Run(command, Images(_bytes, b => b / 255f)).Error;
        Assert.Equal(1 + 1, error.Split("warning CML0811: the data are f32 from 0 to 1").Length);
        Assert.Contains("input 'image' was calibrated on u8", error);
        Assert.DoesNotContain("CML0811", Run(command, Images(_bytes)).Error);
    }

    [Fact]
    public void Constant_data_that_calibration_knew_are_no_doubt_whatever_the_input_is_called()
    {
        File.WriteAllText(_tiny.Model, File.ReadAllText(_tiny.Model).Replace("%data", "%image", StringComparison.Ordinal));
        Assert.Equal(0, Compile(_tiny.WriteNpy("black.npy", Images(new byte[6 * 16]))).Exit);
        foreach (string models in new[] { "OUT", "MODEL OUT", "OUT MODEL" })
            Assert.DoesNotContain("CML0812", Run($"eval {models} --data DATA", Images(new byte[6 * 16])).Error);
    }

    [Fact]
    public void The_same_data_prepared_otherwise() => Assert.Contains(
        "  help: calibration was prepared by --scale 1/255: prepare these data so too\n",
        Run("eval OUT --data DATA --no-stored-prep", Images(_bytes)).Error);

    [Fact]
    public void Only_the_sample_that_is_sent_is_looked_at()
    {
        byte[] firstBlack = [.. new byte[16], .. _bytes[16..]];
        Assert.DoesNotContain("CML0812", Run("chain input OUT DATA --sample 1", Images(firstBlack)).Error);
        Assert.Contains("CML0812: the data hold the number 0 everywhere", Run("chain input OUT DATA --sample 0", Images(firstBlack)).Error);
    }

    [Fact]
    public void Integers_are_not_compared_with_what_was_stored() =>
        Assert.DoesNotContain("CML0811", Run("run OUT --data DATA --integer", Images(_bytes, b => b / 255f > 0.5f ? 1f : 0f)).Error);

    [Fact]
    public void Calibration_on_black_images_is_told_then_and_not_again()
    {
        _tiny.WriteNpy("black.npy", Images(new byte[6 * 16]));
        const string Told = "warning CML0812: 6 of 6 samples hold the number 0 everywhere\n  --> black.npy (6 x [4, 4] u8)\n";
        Assert.Contains(Told, Compile(_tiny.Folder["black.npy"]).Error);
        Assert.DoesNotContain("CML0812", CliRun.Of("run", _tiny.Out, "--data", _tiny.Folder["black.npy"]).Error);
    }

    [Theory]
    [InlineData("run OUT --data FOLDER --limit 4", true)]
    [InlineData("compile MODEL -o SECOND --data FOLDER --samples 5", true)]
    [InlineData("eval OUT --data OWN --labels SORTED --limit 4", true)]
    [InlineData("eval OUT --data OWN --labels MIXED --limit 4", false)]
    [InlineData("run OUT --data FOLDER --limit 3", false)]
    [InlineData("run OUT --data FOLDER --limit 8", false)]
    [InlineData("run OUT --data FOLDER", false)]
    public void The_first_samples_of_sorted_data(string command, bool told)
    {
        for (int i = 0; i < 12; i++) _tiny.Folder.Write($"set/{i / 6}/{i}.pgm", [.. "P5 4 4 255 "u8, .. _bytes.Chunk(16).ElementAt(i % 6)]);
        string expected = command.Contains("OWN", StringComparison.Ordinal) ? "the first 4 of 6 samples are of 1 of 2 classes"
            : $"the first {command[^1]} of 12 samples are of 1 of 2 classes";
        string error = Run(command, Images(_bytes)).Error;
        if (told) Assert.Contains($"warning CML0814: {expected}: the data are sorted\n", error);
        else Assert.DoesNotContain("CML0814", error);
    }

    [Fact]
    public void A_row_of_numbers_whose_channels_are_elsewhere()
    {
        string model = _tiny.Folder.Write("row.cml", """
            graph @row(%data: f32[1, 48]) -> f32[1, 3] {
              @d: f32[3, 48] = random(11)
              %fc = nn.dense(%data, @d) : f32[1, 3]
              return %fc
            }
            """);
        byte[] numbers = [.. Enumerable.Range(0, 96).Select(i => (byte)(i % 48 * 5))];
        string planes = _tiny.WriteNpy("planes.npy", Tensor.Create(Shape.Of(2, 3, 4, 4), numbers));
        string behind = _tiny.WriteNpy("behind.npy", Tensor.Create(Shape.Of(2, 4, 4, 3), numbers));
        Assert.Equal(0, CliRun.Of("compile", model, "-o", _tiny.Out, "--data", planes, "--quiet").Exit);
        Assert.Equal("", CliRun.Of("run", _tiny.Out, "--data", planes, "--limit", "1", "--quiet").Error);
        Assert.Equal("", CliRun.Of("run", _tiny.Out, "--data", behind, "--limit", "1", "--layout", "nhwc", "--quiet").Error);
        Assert.Equal(
            "warning CML0811: samples are [4, 4, 3]; input 'data' was calibrated on [3, 4, 4]: the channels are elsewhere\n" +
            "  --> behind.npy (2 x [4, 4, 3] u8), first 1\n  help: say where they are: --layout nhwc\n",
            CliRun.Of("run", _tiny.Out, "--data", behind, "--limit", "1", "--quiet").Error);
    }

    private CliRun Compile(string data, params string[] more) =>
        CliRun.Of(["compile", _tiny.Model, "-o", _tiny.Out, "--data", data, .. more]);

    private void Tells(Tensor data, string message, string place, string? hint = null)
    {
        string expected = $"{message}\n  --> {place}\n{(hint is null ? "" : $"  help: {hint}\n")}";
        Assert.Equal(expected, WithoutPreparation(Run("eval OUT --data DATA --json", data).Error));
    }

    private CliRun Run(string command, Tensor data)
    {
        string path = _tiny.WriteNpy("x.npy", data);
        (string Word, string Path)[] paths =
        [
            ("OUT", _tiny.Out), ("MODEL", _tiny.Model), ("DATA", path), ("OWN", _tiny.Folder["calibration.npy"]),
            ("FOLDER", _tiny.Folder["set"]), ("SORTED", _tiny.Folder.Write("sorted.txt", "0\n0\n0\n0\n0\n1\n")),
            ("MIXED", _tiny.Folder.Write("mixed.txt", "0\n1\n0\n1\n0\n1\n")), ("SECOND", _tiny.Folder["second"]),
            ("PACKAGE", _tiny.Folder["package"]),
        ];
        var run = CliRun.Of([.. command.Split(' ')
            .Select(w => paths.Aggregate(w, (text, p) => text.Replace(p.Word, p.Path, StringComparison.Ordinal)))]);
        Assert.True(run.Exit == 0, run.Error);
        return run;
    }

    /// <summary>Nor that there are no labels: three lines.</summary>
    private static string WithoutPreparation(string error)
    {
        List<string> lines = [.. error.Split('\n').Where(line => !line.StartsWith("note CML0810", StringComparison.Ordinal))];
        int labels = lines.FindIndex(line => line.StartsWith("warning CML0817: there are no labels", StringComparison.Ordinal));
        if (labels >= 0) lines.RemoveRange(labels, 3);
        return string.Join('\n', lines);
    }

    private static Tensor<byte> Images(byte[] bytes) => Tensor.Create(Shape.Of(6, 4, 4), bytes);

    private static Tensor<T> Images<T>(byte[] bytes, Func<byte, T> number) where T : unmanaged =>
        Tensor.Create(Shape.Of(6, 4, 4), bytes.Select(number).ToArray());
}
