using CortexMl.Data.Images;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Data;

/// <summary>The data sets beside the repository, where they are.</summary>
public sealed class RealDataTests
{
    private static string Shared(string folder, string file) => Path.Combine(SharedData.Folder(folder), file);

    [SkippableFact]
    public void Mnist_test_images_and_labels()
    {
        string labels = Shared("mnist", "t10k-labels-idx1-ubyte.gz");
        var samples =
            Given.Samples(Shared("mnist", "t10k-images-idx3-ubyte.gz"), Shape.Of(1, 1, 28, 28), change: o => o with { Labels = labels });
        Assert.Equal(10_000, samples.Count);
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9], samples.Take(8).Select(s => s.Label));
        Assert.Equal(255, samples[0].Inputs[0].Data.Max());
    }

    [SkippableFact]
    public void Cifar_records()
    {
        var samples = Given.Samples(Shared("cifar10", "test_2000.bin.gz"), Shape.Of(1, 3, 32, 32));
        Assert.Equal(2000, samples.Count);
        Assert.All(samples, s => Assert.InRange(s.Label!.Value, 0, 9));
    }

    [SkippableFact]
    public void Images_of_imagenet_with_labels_of_two_bytes()
    {
        var samples = Given.Samples(
            Shared("imagenet-sample", "imagenet80_224_u8.bin.gz"), Shape.Of(1, 3, 224, 224), change: o => o with { Limit = 3 });
        Assert.Equal(3, samples.Count);
        Assert.All(samples, s => Assert.InRange(s.Label!.Value, 0, 999));
    }

    [SkippableFact]
    public void A_photograph_as_ppm() => Assert.Equal(Shape.Of(3, 240, 320), ImageFile.Read(Shared("images", "faces_320x240.ppm")).Shape);
}
