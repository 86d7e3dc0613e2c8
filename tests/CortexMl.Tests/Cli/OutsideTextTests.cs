using System.Globalization;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Names in models, archives and folders of others, wherever the command prints them.</summary>
public sealed class OutsideTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("esc_names.onnx")]
    [InlineData("esc-symbol.json")]
    [InlineData("esc.cml")]
    [InlineData("dim_rank10000.onnx")]
    public void A_model_of_others_is_refused_in_readable_lines(string file)
    {
        string model = Path.Combine(SharedData.Folder("hostile-files"), file);
        foreach (string[] line in (string[][])[["print", model], ["compile", model, "-o", _folder["out"], "--random-data", "2"]])
        {
            var run = CliRun.Of(line);
            Assert.Equal(2, run.Exit);
            AssertShown(run);
        }
    }

    [SkippableTheory]
    [InlineData("evil_names.npz", "x\\u{1b}[31m")]
    [InlineData("shape_huge_num.npy", "more characters")]
    public void Data_of_others_are_refused_in_readable_lines(string file, string told)
    {
        var run = CliRun.Of(
            "run", Repository.Path("golden", "models", "mnist-mlp"), "--data", Path.Combine(SharedData.Folder("hostile-files"), file));
        Assert.Equal(2, run.Exit);
        Assert.Contains(told, run.Error);
        AssertShown(run);
    }

    [Fact]
    public void A_model_with_such_names_compiles_and_no_output_shows_them()
    {
        string model = _folder.Write("evil.cml", """
            graph @"g\u{1b}[31m\u{202e}"(%"in\u{9b}2J\n": f32[1, 4]) -> f32[1, 3] {
              @"w\u{7}\r": f32[3, 4] = random(1)
              %"out\u{1b}]0;title\u{7}\n// } contract" = nn.dense(%"in\u{9b}2J\n", @"w\u{7}\r") : f32[1, 3]
              return %"out\u{1b}]0;title\u{7}\n// } contract"
            }
            """);
        NpyWriter.Write(_folder["data.npy"], Tensor.Create(Shape.Of(2, 1, 4), [1f, 2f, 3f, 4f, 4f, 3f, 2f, 1f]));
        foreach (string line in (string[])["print MODEL", "compile MODEL -o OUT --data DATA --json",
            "compile MODEL -o OUT --data DATA --dump-ir change", "print OUT", "print OUT --format kernels",
            "check OUT", "run OUT --data DATA", "run OUT --data DATA --json", "eval OUT --data DATA", "verify OUT --random 1", "bench OUT",
            "chain contract OUT", "chain simulate OUT --data DATA", "print MODEL --shape x"])
        {
            var run = CliRun.Of(
                [.. line.Split(' ')
                .Select(word => word switch { "MODEL" => model, "OUT" => _folder["out"], "DATA" => _folder["data.npy"], _ => word })]);
            Assert.True(run.Exit == (line.EndsWith("--shape x", StringComparison.Ordinal) ? 2 : 0), $"{line}: {run.Error}");
            AssertShown(run);
        }
        foreach (string file in Directory.EnumerateFiles(_folder["out"], "*.json").Append(Path.Combine(_folder["out"], "model.cml")))
            Assert.DoesNotContain(File.ReadAllText(file), c => c is '\u001b' or '\u009b' or '\a');
    }

    [Fact]
    public void Names_of_images_are_fields_of_one_line()
    {
        if (OperatingSystem.IsWindows()) return;
        byte[] image = [.. "P5 28 28 255\n"u8, .. new byte[784]];
        File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(_folder["images"]).FullName, "a,\u001b[2J\n1,2,3.pgm"), image);
        var run = CliRun.Of("run", Repository.Path("golden", "models", "mnist-mlp"), "--data", _folder["images"], "--scale", "1/255");
        Assert.Equal(0, run.Exit);
        Assert.Contains("\"a,\\u{1b}[2J\\n1,2,3.pgm\",", run.Output);
        Assert.Equal(3, run.Output.Split('\n').Length);
        AssertShown(run);
    }

    [Fact]
    public void What_was_typed_is_escaped_too()
    {
        var run = CliRun.Of("check", "--\u001b[31mred", "a\nb");
        Assert.Equal(2, run.Exit);
        AssertShown(run);
    }

    private static void AssertShown(CliRun run)
    {
        string all = run.Output + run.Error;
        Assert.DoesNotContain(all, c => c is not ('\n' or '\t') && CharUnicodeInfo.GetUnicodeCategory(c)
            is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
        Assert.All(run.Error.Split('\n'), line => Assert.InRange(line.Length, 0, 2200));
    }
}
