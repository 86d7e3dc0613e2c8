using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Tutorial;

/// <summary>tools/train/fetch-fashion-mnist.py: Debian's package as it comes, and packages that are something else.</summary>
public sealed class FashionMnistTests : IDisposable
{
    private static readonly string[] s_names =
        ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "train-images-idx3-ubyte", "train-labels-idx1-ubyte"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void The_four_files_come_out_of_Debians_package()
    {
        NeedPython();
        string folder = Directory.CreateDirectory(_folder["package"]).FullName;
        Skip.If(CliProcess.Shell("apt-get download -qq dataset-fashion-mnist", folder).Exit != 0, "needs Debian's package: apt-get update");
        var fetched = Fetch(Directory.GetFiles(folder, "*.deb")[0]);
        Assert.Equal((0, ""), (fetched.Exit, fetched.Error));
        Assert.Equal([7_840_016, 10_008, 47_040_016, 60_008], s_names.Select(name => new FileInfo(_folder[$"idx/{name}"]).Length));
    }

    [SkippableTheory]
    [InlineData("true", "the package has no t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte, train-images-idx3-ubyte")]
    [InlineData("for n in $names; do echo none > $n.gz; done", "train-images-idx3-ubyte: no gzip file")]
    [InlineData("for n in $names; do echo none | gzip > $n.gz; done", "train-images-idx3-ubyte: starts with 6e6f6e650a, IDX bytes")]
    [InlineData("for n in $names; do ln -s /etc/passwd $n.gz; done", "-ubyte.gz: no file")]
    [InlineData(Header + "for n in $names; do gzip < head > $n.gz; done", "train-images-idx3-ubyte: less than 47040016 bytes")]
    [InlineData(Header + "head -c 99000000 /dev/zero >> head; for n in $names; do gzip -1 < head > $n.gz; done",
        "train-images-idx3-ubyte: more than 47040016 bytes")]
    [InlineData(Header + "head -c 47040000 /dev/zero >> head; for n in $names; do gzip -1 < head > $n.gz; done",
        "train-images-idx3-ubyte: sha256 is ")]
    public void What_is_something_else_is_refused_before_anything_is_written(string make, string told)
    {
        NeedPython();
        Skip.If(CliProcess.Shell("dpkg-deb --version && gzip --version").Exit != 0, "needs dpkg-deb and gzip");
        string data = Directory.CreateDirectory(_folder["made/usr/share/datasets/fashion-mnist"]).FullName;
        Directory.CreateDirectory(_folder["made/DEBIAN"]);
        File.WriteAllText(_folder["made/DEBIAN/control"],
            "Package: dataset-fashion-mnist\nVersion: 1\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: none\n");
        Assert.Equal(0, CliProcess.Shell($"names='{string.Join(' ', s_names.Reverse())}'; {make}; rm -f head", data).Exit);
        var built = CliProcess.Shell("dpkg-deb -Znone -b made made.deb", _folder.Path);
        Assert.Equal((0, ""), (built.Exit, built.Error));
        Refused(_folder["made.deb"], told);
    }

    [SkippableFact]
    public void What_is_no_package_is_refused()
    {
        NeedPython();
        Skip.If(CliProcess.Shell("dpkg-deb --version").Exit != 0, "needs dpkg-deb");
        File.WriteAllText(_folder["page.deb"], "<html>");
        Refused(_folder["page.deb"], "page.deb: no Debian package");
        Refused(_folder["none.deb"], "none.deb: no file");
    }

    /// <summary>What the largest file starts with: 60,000 pictures of 28 × 28 bytes.</summary>
    private const string Header = @"printf '\000\000\010\003\000\000\352\140\000\000\000\034\000\000\000\034' > head; ";

    private void Refused(string package, string told)
    {
        var fetched = Fetch(package);
        Assert.Equal(1, fetched.Exit);
        Assert.Contains(told, fetched.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", fetched.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder["idx"]));
    }

    private CliProcess Fetch(string package) => CliProcess.Run(
        ["python3", Repository.Path("tools", "train", "fetch-fashion-mnist.py"), _folder["idx"], "--package", package]);

    private static void NeedPython() =>
        Skip.If(OperatingSystem.IsWindows() || CliProcess.Shell("python3 --version").Exit != 0, "needs Python");
}
