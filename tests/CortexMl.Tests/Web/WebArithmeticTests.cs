using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using CortexMl.Data.Images;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Ir.Origins;
using CortexMl.Numerics;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Web;

/// <summary>The modules of a page against what they repeat, bit for bit: images, preparation, integers, the last step.</summary>
public sealed class WebArithmeticTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    [SkippableFact]
    public async Task Every_kind_of_PNG_file_gives_the_same_pixels()
    {
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        var random = new Random(1);
        int count = 0;
        foreach (var png in Kinds())
        {
            byte[] bytes = png.ToBytes((_, _, _) => random.Next(1 << png.Depth));
            string file = page.Folder["image.png"];
            await File.WriteAllBytesAsync(file, bytes);
            var (expected, isTransparent) = ImageFile.Open(file);
            string read = $"window.cortexml.readImage(new File([{ExportedPage.Bytes(bytes)}], 'image.png'))";
            int[] found = await page.IntegersAsync(
                $"{read}.then(i => Int32Array.from([i.isExact ? 1 : 0, i.isTransparent ? 1 : 0, ...i.shape, ...i.data]))");
            int[] wanted = [1, isTransparent ? 1 : 0, .. expected.Shape, .. expected.Data.Select(b => (int)b)];
            Assert.True(wanted.SequenceEqual(found), $"{png}: {First(wanted, found)}");
            count++;
        }
        Assert.Equal(72, count);
        Assert.Empty(page.Browser.Complaints);
    }

    private static IEnumerable<PngFile> Kinds() =>
        from kind in (int[])[0, 2, 3, 4, 6]
        from depth in kind switch { 0 => (int[])[1, 2, 4, 8, 16], 3 => [1, 2, 4, 8], _ => [8, 16] }
        from size in ((int, int)[])[(1, 1), (13, 9)]
        from isInterlaced in (bool[])[false, true]
        from isClear in kind is 0 or 3 && depth == 4 || (kind == 2 && depth == 8) ? (bool[])[false, true] : [false]
        select new PngFile(size.Item1, size.Item2, kind, depth)
        {
            IsInterlaced = isInterlaced,
            Palette = kind == 3 ? [.. Enumerable.Range(0, 3 << depth).Select(i => (byte)(i * 89))] : [],
            Clear = !isClear ? [] : kind switch { 0 => [0, 5], 3 => [0, 100, 255, 7], _ => [0, 1, 0, 2, 0, 3] },
        };

    [SkippableFact]
    public async Task Damaged_PNG_files_are_refused()
    {
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        byte[] whole = new PngFile(9, 9, 2, 8).ToBytes((x, y, c) => x + y + c);
        byte[] changed = [.. whole];
        changed[60] ^= 1;
        foreach (byte[] bytes in (byte[][])[whole[..^20], whole[..40], changed, [.. whole.Take(8)], [1, 2, 3], []])
        {
            string read = $"window.cortexml.readImage(new File([{ExportedPage.Bytes(bytes)}], 'image.png'))";
            Assert.Equal("refused", (string)(await page.ValueAsync($"{read}.then(() => 'read', () => 'refused')"))!);
        }
        Assert.Empty(page.Browser.Complaints);
    }

    [SkippableFact]
    public async Task Preparation_gives_the_same_numbers()
    {
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        await page.ValueAsync("import('./prepare.js').then(module => { window.prepare = module.prepare; })");
        var random = new Random(2);
        const int Cases = 240;
        int refused = 0;
        for (int i = 0; i < Cases; i++)
        {
            var (options, image, input) = (Options(random), Image(random), Array.Empty<int>());
            Tensor<float>? expected = null;
            try
            {
                expected = Preprocessor.Prepare(image, options, "image");
                input = [1, .. expected.Shape];
                if (expected.Shape.Rank == 3 && random.Next(3) == 0) input = [1, input[2], input[3], input[1]];
                expected = new Preprocessor(options, Shape.Of(input), "data").Apply(image, "image");
            }
            catch (DiagnosticException)
            {
                refused++;
            }
            string call = $"window.prepare({{ shape: [{string.Join(',', image.Shape)}], data: {ExportedPage.Bytes(image.Data)}, "
                + $"isBytes: true, isImage: false }}, {options.ToJson()}, [{string.Join(',', input)}])";
            if (expected is null)
            {
                string tried = $"(() => {{ try {{ {call}; }} catch {{ return 'refused'; }} }})()";
                Assert.Equal("refused", (string)(await page.ValueAsync(tried))!);
                continue;
            }
            int[] wanted = MemoryMarshal.Cast<float, int>(expected.Data).ToArray(), found = await page.IntegersAsync(call);
            Assert.True(wanted.SequenceEqual(found), $"{options} of {image.Shape} for {string.Join(',', input)}: {First(wanted, found)}");
        }
        Assert.InRange(refused, 1, Cases * 2 / 3);
    }

    [SkippableFact]
    public async Task Numbers_become_the_same_integers()
    {
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        await page.ValueAsync("import('./integers.js').then(module => { window.quantize = module.quantize; })");
        var random = new Random(3);
        for (int i = 0; i < 40; i++)
        {
            float[] values = [.. Enumerable.Range(0, 2 * 3 * 4).Select(_ => (float)(random.Next(-300, 300) / 64.0))];
            var shape = Shape.Of(2, 3, 4);
            double scale = i % 2 == 0 ? 32 : random.NextDouble() * 100;
            int precision = i % 3 == 0 ? 8 : 2 + random.Next(30);
            var centering = (i % 4) switch
            {
                1 => new Centering(null, [0.4980392156862745], [255]),
                2 => new Centering(1, [0.1, 0.2, -0.3], [1, 2.5, 0.7]),
                _ => null,
            };
            int[] wanted = InputQuantizer.Quantize(Tensor.Create(shape, values), scale, precision, centering).Data;
            var port = new ModelPort("data", [.. shape], precision, scale) { Centering = centering };
            string bytes = ExportedPage.Bytes(MemoryMarshal.AsBytes<float>(values));
            int[] found = await page.IntegersAsync(
                $"window.quantize(new Float32Array({bytes}.buffer), {JsonText.Write(port)})");
            Assert.True(wanted.SequenceEqual(found), $"{port}: {First(wanted, found)}");
        }
    }

    [SkippableFact]
    public async Task Last_steps_and_their_functions_give_the_same_bits()
    {
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        await page.ValueAsync("import('./answers.js').then(module => { window.answers = module; })");
        var random = new Random(4);
        double[] x =
        [
            .. Enumerable.Range(0, 2000).Select(_ => (random.NextDouble() - 0.9) * 800),
            0, -0.0, 1e-300, -745.2, -745.1, -709, -708.4, 709.7, 710,
            .. Enumerable.Range(-60, 60).Select(k => -708.0 - k / 8.0),
        ];
        long[] exponentials = [.. x.Select(v => BitConverter.DoubleToInt64Bits(PortableMath.Exp(v)))];
        double[] positive = [.. x.Select(v => 1 + Math.Abs(v))];
        long[] logarithms = [.. positive.Select(v => BitConverter.DoubleToInt64Bits(PortableMath.Log(v)))];
        Assert.Equal(exponentials, await Doubles(page, "exp", x));
        Assert.Equal(logarithms, await Doubles(page, "logarithm", positive));
        foreach (var step in (LastStep[])
            [new(LastStep.Softmax, 1, [1, 24]), new(LastStep.LogSoftmax, 1, [2, 3, 4]), new(LastStep.Softmax, 0, [4, 6])])
        {
            var port = new ModelPort("scores", [24], 16, 17.25) { LastStep = step };
            int[] integers = [.. Enumerable.Range(0, 24).Select(_ => random.Next(-2000, 2000))];
            float[] own = LastSteps.OwnReals(port, Tensor.Create(Shape.Of(24), integers));
            int[] found = await page.IntegersAsync($"answers.ownReals({JsonText.Write(port)}, {ExportedPage.Integers(integers)})");
            Assert.Equal(MemoryMarshal.Cast<float, int>(own).ToArray(), found);
        }
    }

    private static async Task<long[]> Doubles(ExportedPage page, string function, double[] of)
    {
        int[] found = await page.IntegersAsync(
            $"new Float64Array({ExportedPage.Bytes(MemoryMarshal.AsBytes<double>(of))}.buffer).map(x => answers.{function}(x))");
        return MemoryMarshal.Cast<int, long>(found).ToArray();
    }

    private static Preprocessing Options(Random random)
    {
        int? resize = random.Next(3) > 0 ? 4 + random.Next(20) : null;
        ImmutableArray<double> Values(double most, double least) => random.Next(4) switch
        {
            0 => [],
            1 => [least + random.NextDouble() * most],
            _ => [.. Enumerable.Range(0, 3).Select(_ => least + random.NextDouble() * most)],
        };
        return new()
        {
            Resize = resize, Crop = random.Next(3) == 0 ? 2 + random.Next((resize ?? 12) - 1) : null,
            Channels = random.Next(4) switch { 0 => ChannelOrder.Gray, 1 => ChannelOrder.Rgb, 2 => ChannelOrder.Bgr, _ => null },
            Invert = random.Next(3) == 0 ? true : null, Layout = random.Next(4) == 0 ? DataLayout.Nhwc : null,
            Scale = random.Next(3) switch { 0 => null, 1 => 1.0 / 255, _ => random.NextDouble() },
            Mean = random.Next(3) == 0 ? [] : Values(1, 0), Std = random.Next(3) == 0 ? [] : Values(1, 0.1),
        };
    }

    private static Tensor<byte> Image(Random random)
    {
        int height = 3 + random.Next(30), width = 3 + random.Next(30), channels = random.Next(4) == 0 ? 1 : 3;
        var shape = random.Next(6) switch
        {
            0 => Shape.Of(height, width),
            1 => Shape.Of(height, width, channels),
            _ => Shape.Of(channels, height, width),
        };
        byte[] data = new byte[(int)shape.Count];
        random.NextBytes(data);
        return Tensor.Create(shape, data);
    }

    private static string First(int[] wanted, int[] found)
    {
        int at = wanted.Zip(found).TakeWhile(pair => pair.First == pair.Second).Count();
        return string.Create(CultureInfo.InvariantCulture,
            $"{wanted.Length} and {found.Length} numbers, {wanted.ElementAtOrDefault(at)} and {found.ElementAtOrDefault(at)} at {at}");
    }
}
