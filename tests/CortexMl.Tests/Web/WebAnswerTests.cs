using System.Text.Json.Nodes;
using CortexMl.Chain;
using CortexMl.Chaining;
using CortexMl.Data.Images;
using CortexMl.Files;
using CortexMl.Loading;
using CortexMl.Preparing;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Web;

/// <summary>Answers of pages, from files of images on: integers, classes and scores of <c>cortexml run</c>, and its call data.</summary>
public sealed class WebAnswerTests
{
    private const int Images = 100, CifarImage = 3 * 32 * 32;

    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [SkippableFact]
    public async Task Digits_get_the_answers_of_the_command()
    {
        using var page = await ExportedPage.OfDigitsAsync(patience: s_patience);
        var test = (Tensor<byte>)NpyReader.Read(ExportedPage.Data("test-images.npy"));
        int size = test.Length / test.Shape[0];
        await AgreeAsync(page, [.. Enumerable.Range(0, Images).Select(i =>
            Tensor.Create(Shape.Of(1, 28, 28), test.Data[(i * size)..((i + 1) * size)]))]);
    }

    [SkippableTheory]
    [InlineData("cifar_resnet20_v1")]
    [InlineData("cifar_resnet20_v2")]
    public async Task Photographs_get_the_answers_of_the_command(string name)
    {
        string cifar = SharedData.Folder("cifar10");
        using var page = await ExportedPage.OpenAsync(
            [
                Path.Combine(SharedData.Folder("mxnet", name), $"{name}-symbol.json"), "--data", Path.Combine(cifar, "train_2000.bin.gz"),
                "--samples", "64", "--scale", "1/255", "--mean", "0.4914,0.4822,0.4465", "--std", "0.2023,0.1994,0.2010",
            ],
            patience: s_patience);
        byte[] records = InputFile.ReadUnpacked(Path.Combine(cifar, "test_2000.bin.gz"));
        await AgreeAsync(page, [.. Enumerable.Range(0, Images).Select(i =>
            Tensor.Create(Shape.Of(3, 32, 32), records.AsSpan(i * (1 + CifarImage) + 1, CifarImage).ToArray()))]);
    }

    /// <summary>Every image as a PNG file: read by the page, and by the command out of a folder.</summary>
    private static async Task AgreeAsync(ExportedPage page, IReadOnlyList<Tensor<byte>> images)
    {
        string folder = Directory.CreateDirectory(page.Folder["images"]).FullName;
        foreach (var (i, image) in images.Index())
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{i:D3}.png"), Png(image));
        await page.ValueAsync("""
            window.answered = async bytes => {
              const { network, readImage } = window.cortexml;
              const image = await readImage(new File([bytes], 'image.png'));
              if (!image.isExact) throw new Error('decoded by the browser');
              const integers = network.integersOf([{ ...image, isBytes: true, isImage: true }]);
              const results = await network.run(integers);
              const { classes, reals } = network.answer(results);
              const top = classes.slice(0, 5);
              return { output: [...results[0]], top, scores: top.map(i => reals[i]), call: network.callOf(integers) };
            };
            """);
        var run = CliRun.Of("run", page.Compiled, "--data", folder, "--json", "--quiet");
        Assert.True(run.Exit == 0, run.Error);
        var predictions = JsonNode.Parse(run.Output)!["samples"]!.AsArray();
        var raw = CliRun.Of("run", page.Compiled, "--data", folder, "-o", page.Folder["outputs.npy"], "--raw", "--quiet");
        Assert.True(raw.Exit == 0, raw.Error);
        int[] outputs = ((Tensor<int>)NpyReader.Read(page.Folder["outputs.npy"])).Data;
        var model = ModelLoader.Load(page.Compiled);
        var (_, samples) = ModelData.Open([page.Compiled], new ModelOptions(), new(folder), integer: false, new())[0];
        for (int i = 0; i < images.Count; i++)
        {
            byte[] file = await File.ReadAllBytesAsync(Path.Combine(folder, $"{i:D3}.png"));
            var answer = (await page.ValueAsync($"answered({ExportedPage.Bytes(file)})"))!;
            int[] integers = [.. answer["output"]!.AsArray().Select(v => (int)v!)];
            Assert.Equal(outputs.AsSpan(i * integers.Length, integers.Length).ToArray(), integers);
            var expected = predictions[i]!;
            Assert.Equal(expected["top5"]!.AsArray().Select(v => (int)v!), answer["top"]!.AsArray().Select(v => (int)v!));
            Assert.Equal(expected["scores"]!.AsArray().Select(v => (float)v!), answer["scores"]!.AsArray().Select(v => (float)(double)v!));
            var input = ChainInput.Read(model, samples, i, new RunOptions());
            string call = Hex.Of(ChainInput.ToCallData(ChainInput.SetInput, ChainInput.Words(model, input)));
            Assert.Equal(call, (string)answer["call"]!);
        }
        Assert.Empty(page.Browser.Complaints);
    }

    private static byte[] Png(Tensor<byte> planes) => planes.Shape[0] == 1 ? PngFile.Grey(planes) : ImageFile.Encode(planes);
}
