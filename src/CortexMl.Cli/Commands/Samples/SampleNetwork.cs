using CortexMl.Files;
using CortexMl.Runs;

namespace CortexMl.Cli.Commands.Samples;

/// <summary>A trained network with its data, embedded in the program: something to compile where nothing else is.</summary>
/// <param name="Name">Of its folder in golden/models.</param>
/// <param name="What">It is, in a line.</param>
/// <param name="Files">As they lie there; digit-7.png in golden/chain.</param>
/// <param name="Run">How it is compiled: members of a run file.</param>
internal sealed record SampleNetwork(string Name, string What, IReadOnlyList<string> Files, IReadOnlyList<RunMember> Run)
{
    private const string Output = "out";

    public static IReadOnlyList<SampleNetwork> All { get; } =
    [
        new("mnist-dapp", "digits: a convolutional network, MXNet and ONNX; images of MNIST (CC BY-SA 3.0) to calibrate and test",
            [
                "mnist-dapp-symbol.json", "mnist-dapp-0000.params", "mnist-dapp.onnx",
                "calibration.npy", "test-images.npy", "test-labels.npy", "digit-7.png",
            ],
            [
                new(RunFile.ModelMember, "mnist-dapp-symbol.json"), new("data", "calibration.npy"), new("scale", "1/255"),
                new("test", "test-images.npy"), new("labels", "test-labels.npy"), new("output", Output),
            ]),
        new("words", "texts of 24 words: an embedding and a classifier as ONNX, with texts to calibrate and to test",
            ["words.onnx", "data.npy", "test.npy", "labels.npy"],
            [
                new(RunFile.ModelMember, "words.onnx"), new("data", "data.npy"), new("test", "test.npy"), new("labels", "labels.npy"),
                new("output", Output),
            ]),
    ];

    /// <summary>Its files and the run file that compiles it; all may be changed.</summary>
    public IReadOnlyList<OutputFile> ToOutput()
    {
        string what = $"the sample {Name}; cortexml compile {RunFile.FileName}";
        var run = new RunFile([Run[0] with { Comment = [what] }, .. Run.Skip(1)]);
        return
        [
            .. Files.Select(file => new OutputFile(file, to => Copy(file, to)) { IsEditable = true }),
            OutputFile.Text(RunFile.FileName, run.ToJson()) with { IsEditable = true },
        ];
    }

    private void Copy(string file, Stream to)
    {
        using var from = typeof(SampleNetwork).Assembly.GetManifestResourceStream($"Samples/{Name}/{file}")!;
        from.CopyTo(to);
    }
}
