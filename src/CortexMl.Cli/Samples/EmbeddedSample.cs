using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Cli.Samples;

/// <summary>A trained network with its data that the command carries, so that it can be tried where there is no clone.</summary>
/// <param name="Name">Of the folder in golden/models that it is.</param>
/// <param name="What">The network, its data and whose they are.</param>
/// <param name="Compilation">Options of <c>compile</c>; <c>{}</c> stands for the folder of the sample.</param>
internal sealed record EmbeddedSample(string Name, string What, string Compilation)
{
    /// <summary>Each with a folder of resources of its name (CortexMl.Cli.csproj).</summary>
    public static IReadOnlyList<EmbeddedSample> All { get; } =
    [
        new("mnist-dapp", "digits: a convolutional network, MXNet and ONNX, with images of MNIST (CC BY-SA 3.0) and one to call with",
            "--data {}/calibration.npy --scale 1/255 --test {}/test-images.npy --labels {}/test-labels.npy"),
        new("words", "topics: embeddings of words and two layers, ONNX, with sentences made from a seed",
            "--data {}/data.npy --test {}/test.npy --labels {}/labels.npy"),
    ];

    private string Prefix => $"Samples/{Name}/";

    /// <exception cref="DiagnosticException">CML0940: there is none of that name.</exception>
    public static EmbeddedSample Find(string name) => All.FirstOrDefault(sample => sample.Name == name)
        ?? throw new DiagnosticException(CliCodes.Usage, $"there is no sample '{Printable.Name(name)}'",
            hint: Nearest.Hint(name, All.Select(s => s.Name), "'cortexml sample' lists them"));

    /// <summary>Its files, by name; people may change them.</summary>
    public IReadOnlyList<OutputFile> Files() =>
    [
        .. typeof(EmbeddedSample).Assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => new OutputFile(name[Prefix.Length..], stream => Copy(name, stream)) { IsEditable = true }),
    ];

    /// <summary>
    /// The command that compiles it out of the folder that it was written to; names that a shell would part stand in quotes.
    /// </summary>
    public string Command(string folder)
    {
        string line = $"{{}} -o {{}}/out {Compilation}";
        return $"cortexml compile {string.Join(' ', line.Split(' ').Select(Word))}";

        string Word(string word)
        {
            string whole = word.Replace("{}", folder, StringComparison.Ordinal);
            return whole.Contains(' ', StringComparison.Ordinal) ? $"\"{whole}\"" : whole;
        }
    }

    private static void Copy(string resource, Stream target)
    {
        using var source = typeof(EmbeddedSample).Assembly.GetManifestResourceStream(resource)!;
        source.CopyTo(target);
    }
}
