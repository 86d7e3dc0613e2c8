using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Preparing;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Preparing;

/// <summary>Data that are what a model was calibrated on raise no doubt: neither together nor any sample of them alone.</summary>
public sealed class OwnDataTests
{
    private static readonly Preprocessing Byte = new() { Scale = 1 / 255.0 };

    [Theory]
    [InlineData("mnist-dapp")]
    [InlineData("mnist-mlp")]
    public void The_images_of_the_sample_models(string model)
    {
        string folder = Repository.Path("golden", "models", model);
        NoDoubt(
            new(Path.Combine(folder, "calibration.npy")), new(Path.Combine(folder, "test-images.npy")), Byte, Shape.Of(1, 1, 28, 28),
            each: 200);
    }

    [Fact]
    public void A_drawn_digit() => NoDoubt(
        new(Repository.Path("golden", "models", "mnist-dapp", "calibration.npy")), new(Repository.Path("golden", "chain", "digit-7.png")),
        Byte, Shape.Of(1, 1, 28, 28), each: 1);

    [SkippableFact]
    public void Clothes()
    {
        string folder = SharedData.Folder("fashion-mnist");
        NoDoubt(
            new(Path.Combine(folder, "train10k-images-idx3-ubyte.gz")), new(Path.Combine(folder, "t10k-images-idx3-ubyte.gz")),
            Byte with { Mean = [0.1307], Std = [0.3081] }, Shape.Of(1, 1, 28, 28), each: 400);
    }

    [SkippableFact]
    public void Small_photographs()
    {
        string folder = SharedData.Folder("cifar10");
        NoDoubt(
            new(Path.Combine(folder, "train_2000.bin.gz")), new(Path.Combine(folder, "test_2000.bin.gz")),
            Byte with { Mean = [0.4914, 0.4822, 0.4465], Std = [0.2023, 0.1994, 0.2010] }, Shape.Of(1, 3, 32, 32), each: 400);
    }

    [SkippableFact]
    public void Photographs_in_files_beside_those_in_one()
    {
        string folder = SharedData.Folder("imagenet-sample");
        NoDoubt(
            new(Path.Combine(folder, "imagenet80_224_u8.bin.gz")), new(Path.Combine(folder, "jpeg")),
            Byte with { Resize = 256, Crop = 224 }, Shape.Of(1, 3, 224, 224), each: 4);
    }

    [SkippableFact]
    public void The_inputs_of_small_networks_of_all_kinds()
    {
        string[] folders = [.. Directory.GetDirectories(SharedData.Folder("field")).Where(f => File.Exists(Path.Combine(f, "test.npy")))];
        Assert.NotEmpty(folders);
        foreach (string folder in folders)
        {
            string calibration = Path.Combine(folder, "data.npy");
            var sample = NpyReader.Read(calibration).Shape.With(0, 1);
            NoDoubt(new(calibration), new(Path.Combine(folder, "test.npy")), Preprocessing.None, sample, each: 8);
        }
    }

    private static void NoDoubt(DataOptions calibration, DataOptions data, Preprocessing prepared, Shape input, int each)
    {
        (string, Shape)[] inputs = [("data", input)];
        var seen = Read(SampleSource.Open(calibration with { Preprocessing = prepared, Limit = 64 }, inputs));
        var samples = SampleSource.Open(data with { Preprocessing = prepared }, inputs, [seen]);
        Assert.Empty(Doubts(Read(samples)));
        for (int i = 0; i < Math.Min(each, samples.Count); i++)
        {
            samples.ReadOne(i);
            Assert.Empty(Doubts(samples.Facts[0]));
        }

        IEnumerable<string> Doubts(InputFacts found)
        {
            Assert.Equal((0, false, 0), (found.Constant, found.Identical, found.Transparent));
            var port = new ModelPort("data", [.. input], 8, 127 / seen.PreparedMax);
            return new InputComparison(port, seen, found, new(prepared, prepared)).Doubts().Select(d => d.ToString());
        }
    }

    private static InputFacts Read(SampleSource samples)
    {
        Assert.Equal(samples.Count, samples.Read().Count());
        return samples.Facts[0];
    }
}
