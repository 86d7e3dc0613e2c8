using CortexMl.Data;
using CortexMl.Data.Preprocess;

namespace CortexMl.Survey;

/// <summary>Data for a network: what calibrates it, and what it is measured on.</summary>
/// <param name="Test">Null where there are no labels.</param>
internal sealed record LabelledData(DataOptions Calibration, DataOptions? Test)
{
    private const int CalibrationSamples = 256;

    private static readonly Preprocessing
        s_raw = Preprocessing.None,
        s_byte = s_raw with { Scale = 1.0 / 255 },
        s_normal = s_byte with { Mean = [0.1307], Std = [0.3081] },
        s_cifar = s_byte with { Mean = [0.4914, 0.4822, 0.4465], Std = [0.2023, 0.1994, 0.2010] },
        s_cifarOnnx = s_cifar with { Std = [0.247, 0.2435, 0.2616] },
        s_imageNet = s_byte with { Mean = [0.485, 0.456, 0.406], Std = [0.229, 0.224, 0.225] };

    /// <summary>The data of a network, by a part of its path; null where none is known or ../shared/data is absent.</summary>
    public static LabelledData? Of(string path)
    {
        string name = path.Replace('\\', '/');
        return Folder() is { } folder ? Find(name, folder) : null;
    }

    private static LabelledData? Find(string name, string folder)
    {
        string[] raw = ["mnist-8/", "mnist-12/"],
        ofByte = ["mnist-net_256x2", "ffnnSIGMOID", "verivital_Convnet", "mnist-lenet", "mnist-gluon", "lenet-weberlo",
        "mnist-dapp", "mnist-mlp"],
            normal = ["mnist-burn/", "mnist-deepeverest/", "mnist-lept/", "mnist-k210/"];
        if (raw.Any(name.Contains)) return Idx("mnist", "train-images", s_raw);
        if (normal.Any(name.Contains)) return Idx("mnist", "train-images", s_normal);
        if (name.Contains("fashion-mnist-gluon", StringComparison.Ordinal)) return Idx("fashion-mnist", "train10k-images", s_normal);
        if (ofByte.Any(name.Contains)) return Idx("mnist", "train-images", s_byte);
        if (name.Contains("cifar10-resnet20/", StringComparison.Ordinal) || name.Contains("cifar10_resnet_2b", StringComparison.Ordinal))
            return Cifar(s_cifarOnnx);
        if (name.Contains("cifar_resnet20_v", StringComparison.Ordinal)) return Cifar(s_cifar);
        if (name.Contains("mobilenetv2-int8/", StringComparison.Ordinal)) return ImageNet();
        if (name.Contains("ultraface/", StringComparison.Ordinal))
            return new(At("images/faces_320x240.ppm", s_raw with { Scale = 1.0 / 128, Mean = [127.0 / 128] }), null);
        return null;

        LabelledData Idx(string set, string train, Preprocessing prepared) => new(
            At($"{set}/{train}-idx3-ubyte.gz", prepared) with { Limit = CalibrationSamples },
            At($"{set}/t10k-images-idx3-ubyte.gz", prepared) with { Labels = Path.Combine(folder, set, "t10k-labels-idx1-ubyte.gz") });

        LabelledData Cifar(Preprocessing prepared) =>
            new(At("cifar10/train_2000.bin.gz", prepared), At("cifar10/test_2000.bin.gz", prepared));

        // One image of each of 80 classes is all there is: half of them calibrate too.
        LabelledData ImageNet() =>
            new(At("imagenet-sample/imagenet80_224_u8.bin.gz", s_imageNet) with { Limit = 40 },
                At("imagenet-sample/imagenet80_224_u8.bin.gz", s_imageNet));

        DataOptions At(string file, Preprocessing prepared) => new(Path.Combine(folder, file)) { Preprocessing = prepared };
    }

    /// <summary>shared/data beside the checkout that the program was built in.</summary>
    private static string? Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(Path.Combine(folder.FullName, "CortexMl.sln"))) continue;
            string data = Path.Combine(folder.FullName, "..", "shared", "data");
            return Directory.Exists(data) ? data : null;
        }
        return null;
    }
}
