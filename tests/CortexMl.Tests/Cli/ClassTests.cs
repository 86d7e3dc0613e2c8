using System.Globalization;
using CortexMl.Data.Classes;
using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>What class a folder or a label is, and how the command tells it.</summary>
public sealed class ClassTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    /// <summary>A folder of images with these sub-folders, an image in each.</summary>
    private string Images(params string[] classes)
    {
        string root = _tiny.Folder["images"];
        foreach (string name in classes)
        {
            Directory.CreateDirectory(Path.Combine(root, name));
            byte[] image = [.. "P5\n4 4\n255\n"u8, .. Enumerable.Range(0, 16).Select(i => (byte)(i * 13 + name[0]))];
            File.WriteAllBytes(Path.Combine(root, name, "x.pgm"), image);
        }
        return root;
    }

    private CliRun Eval(string data, params string[] more) => CliRun.Of(["eval", _tiny.Model, "--data", data, "--scale", "1/255", .. more]);

    private CliRun Run(string data, params string[] more) => CliRun.Of(["run", _tiny.Model, "--data", data, "--scale", "1/255", .. more]);

    private static string[] Labels(CliRun run) => [.. run.Output.TrimEnd().Split('\n').Skip(1).Select(l => l.Split(',')[1])];

    [Theory]
    [InlineData("0 2", "0 2")]
    [InlineData("00 02", "0 2")]
    [InlineData("1 .ipynb_checkpoints __MACOSX 2", "1 2")]
    public void A_folder_named_by_a_number_is_that_class(string folders, string labels)
    {
        var run = Run(Images(folders.Split(' ')));
        Assert.Equal((0, labels), (run.Exit, string.Join(' ', Labels(run))));
        Assert.Contains("note CML0815: the class of a folder is the number that is its name", run.Error);
        Assert.Contains("warning CML0817: there are 2 folders of images, but 'tiny' has 3 classes", run.Error);
    }

    [Fact]
    public void Without_a_list_names_are_ranks_and_that_is_a_warning_with_the_mapping()
    {
        var run = Run(Images("dog", "cat", "9"));
        Assert.Equal("0 1 2", string.Join(' ', Labels(run)));
        Assert.Contains(
            "warning CML0816: nothing says which class a folder is: they are numbered by their rank in the alphabet, 9 = 0, cat = 1, dog = 2", run.Error);
        Assert.StartsWith("sample,label,class,top5,name\n", run.Output);
    }

    [Theory]
    [InlineData("cat\ndog\nant\n")]
    [InlineData("2 ant\n0 cat\n1: dog\n")]
    [InlineData("[\"cat\", \"dog\", \"ant\"]")]
    [InlineData("{\"0\": [\"n01\", \"cat\"], \"1\": [\"n02\", \"dog\"], \"2\": [\"n03\", \"ant\"]}")]
    [InlineData("{\"ant\": 2, \"cat\": 0, \"dog\": 1}")]
    public void A_class_list_maps_names_of_folders_and_of_labels(string list)
    {
        string file = _tiny.Folder.Write("names.lst", list);
        var run = Run(Images("ant", "cat", "dog"), "--classes", file);
        Assert.Equal("2 0 1", string.Join(' ', Labels(run)));
        Assert.DoesNotContain("warning", run.Error);
        string labels = _tiny.Folder.Write("l.txt", "ant\ndog\n0\ncat\ncat\nant\n");
        Assert.Equal("2 1 0 0 0 2", string.Join(' ', Labels(Run(_tiny.Data, "--labels", labels, "--classes", file))));
        Assert.Contains("\"labelName\": \"dog\"", Run(_tiny.Data, "--labels", labels, "--classes", file, "--json").Output);
        Assert.Contains("\"name\": \"ant\"", Eval(_tiny.Data, "--labels", labels, "--classes", file, "--json").Output);
    }

    [Fact]
    public void The_list_beside_the_data_is_found_and_unknown_folders_are_all_told()
    {
        string root = Images("cat", "dgo", "elk");
        File.WriteAllText(Path.Combine(root, "classes.txt"), "cat\ndog\nant\n");
        var run = Run(root);
        Assert.Equal(2, run.Exit);
        Assert.Contains(
            "error CML0815: folder 'dgo' is no class of 'classes.txt': [cat, dog, ant]\n  --> images\n  help: did you mean 'dog'?",
            run.Error);
        Assert.Contains("error CML0815: folder 'elk' is no class of", run.Error);
    }

    [Fact]
    public void ImageNets_lists_know_WordNet_numbers_and_a_name_of_two_classes_is_ambiguous()
    {
        var list = ClassFile.Parse("n02012849 crane\nn03126707 crane\nn02119789 kit fox, Vulpes\n", "synset.txt");
        Assert.Equal(1, list.IndexOf("n03126707", "folder"));
        Assert.Equal(2, list.IndexOf("kit fox, Vulpes", "folder"));
        Assert.Contains(
            "is the name of classes 0 and 1", Assert.Throws<DiagnosticException>(() => list.IndexOf("crane", "folder")).Message);
    }

    [Theory]
    [InlineData("0\n", 1, "warning CML0817: there is 1 label for 6 samples: the labels may be those of other data")]
    [InlineData("0\n1\n", 2, "warning CML0817: there are 2 labels for 6 samples: the labels may be those of other data")]
    public void Labels_of_the_first_samples_only_are_told(string labels, int limit, string told)
    {
        string file = _tiny.Folder.Write("l.txt", labels);
        var run = Eval(_tiny.Data, "--labels", file, "--limit", limit.ToString(CultureInfo.InvariantCulture));
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0\n1\n2\n0\n1\n2\n0\n", 0, "warning CML0817: there are 7 labels for 6 samples")]
    [InlineData("0\n", 2, "there are 6 samples, but only 1 label\n")]
    [InlineData("0\n1\n", 2, "there are 6 samples, but only 2 labels\n")]
    [InlineData("1\n1\n2\n3\n3\n2\n", 2, "the labels count from 1: make them count from 0")]
    [InlineData("0\n1\n8\n9\n1\n2\n", 2, "sample 2 has label 8, but 'tiny' has 3 classes (0 to 2); so 2 of 6")]
    public void Labels_that_cannot_be_right_are_told_before_anything_runs(string labels, int exit, string told)
    {
        var run = Eval(_tiny.Data, "--labels", _tiny.Folder.Write("l.txt", labels));
        Assert.Equal(exit, run.Exit);
        Assert.Equal(1 + 1, run.Error.Split(told).Length);
    }

    [Theory]
    [InlineData("compile MODEL -o OUT --data DATA", "pass --test DATA too: --data calibrates")]
    [InlineData("calibrate MODEL -o - --data DATA", "accuracy is measured by cortexml eval")]
    [InlineData("verify MODEL --data DATA --engines interpreter", "accuracy is measured by cortexml eval")]
    public void Labels_that_nothing_takes_up_are_told(string command, string hint)
    {
        if (command.StartsWith("verify", StringComparison.Ordinal)) Assert.Equal(0, _tiny.Compile("--quiet").Exit);
        string model = command.StartsWith("verify", StringComparison.Ordinal) ? _tiny.Out : _tiny.Model;
        string[] words =
            [.. command.Split(' ').Select(w => w switch { "MODEL" => model, "OUT" => _tiny.Out, "DATA" => _tiny.Data, _ => w })];
        var run = CliRun.Of([.. words, "--labels", _tiny.Labels]);
        Assert.Equal(0, run.Exit);
        Assert.Contains($"warning CML0935: --labels: without effect, nothing is measured\n  help: {hint}\n", run.Error);
    }

    [Fact]
    public void Missing_labels_are_told() =>
        Assert.Contains("warning CML0817: there are no labels: accuracy is not measured", Eval(_tiny.Data).Error);

    [Fact]
    public void What_needs_no_classes_reads_no_list_of_them()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        _tiny.Folder.Write("classes.txt", "{ broken");
        File.WriteAllText(Path.Combine(_tiny.Out, "classes.txt"), "{ broken");
        Assert.Contains("CML0815", Run(_tiny.Data).Error);
        Assert.Equal(0, CliRun.Of("verify", _tiny.Out, "--data", _tiny.Data, "--engines", "interpreter,cpu").Exit);
        Assert.Equal(0, CliRun.Of("bench", _tiny.Out, "--runs", "1", "--threads", "1").Exit);
    }
}
