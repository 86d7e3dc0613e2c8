using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Reports;

namespace CortexMl.Auditing;

/// <summary>A layer of a transcript: an operation of the cvm graph, or what the graph was given.</summary>
/// <param name="Name">Of its first result; what people read, not part of any digest.</param>
/// <param name="Operation">Its operator in the CVM; <see cref="Input"/> of the inputs.</param>
/// <param name="Digests">Of each result, in hexadecimal digits; see <see cref="AuditHash.OfTensor"/>.</param>
public sealed record TranscriptLayer(string Name, string Operation, IReadOnlyList<string> Digests)
{
    public const string Input = "input";
}

/// <summary>
/// What a run of an integer model went through: digests of the model, of its inputs and of what every layer made, and the root of the tree
/// over them. The same model and input give the same file everywhere.
/// </summary>
public sealed class Transcript
{
    private const int Newest = 1, MaxLayers = 1 << 20, MaxResults = 1 << 16, MaxLength = 1 << 28;

    private Transcript(string model, IReadOnlyList<TranscriptLayer> layers)
    {
        (Model, Layers) = (model, layers);
        Tree = new MerkleTree([.. layers.Select((layer, place) =>
            AuditHash.OfLeaf(place, [.. layer.Digests.Select(Convert.FromHexString)]))]);
        Root = Convert.ToHexStringLower(AuditHash.OfRoot(Convert.FromHexString(model), Tree.Count, Tree.Root));
    }

    /// <summary>Digest of what the model computes; see <see cref="Ir.Walks.GraphDigest.OfContent"/>.</summary>
    public string Model { get; }

    /// <summary>The inputs, as one, then every operation in the graph's order; a layer's place is that of its leaf.</summary>
    public IReadOnlyList<TranscriptLayer> Layers { get; }

    public MerkleTree Tree { get; }

    /// <summary>It stands for model, input and all layers, in hexadecimal digits: what one would publish.</summary>
    public string Root { get; }

    /// <param name="model">64 hexadecimal digits.</param>
    /// <param name="layers">At least that of the inputs.</param>
    public static Transcript Of(string model, IReadOnlyList<TranscriptLayer> layers) => new(model, layers);

    public string ToJson() => JsonText.Write(new StoredTranscript(Newest, Model, Layers, Root));

    /// <summary>The JSON schema of the file.</summary>
    public static JsonNode Schema() => JsonText.SchemaOf<StoredTranscript>();

    /// <exception cref="DiagnosticException">
    /// CML0990: it is no transcript; CML0991: its root is not that of its digests; those of reading files.
    /// </exception>
    public static Transcript Read(string path)
    {
        byte[] bytes = InputFile.ReadAllBytes(path);
        string name = InputFile.DisplayName(path);
        if (bytes.Length > MaxLength)
            throw Malformed(name, $"{Counted.Of(bytes.Length, "byte is", "bytes are")} too many for a transcript");
        return Parse(System.Text.Encoding.UTF8.GetString(bytes), name);
    }

    /// <param name="name">What messages call the text.</param>
    /// <inheritdoc cref="Read"/>
    public static Transcript Parse(string text, string name)
    {
        StoredTranscript? stored;
        try
        {
            stored = JsonText.Read<StoredTranscript>(text);
        }
        catch (JsonException error)
        {
            throw Malformed(name, $"the file cannot be read: {JsonProblem.Of(error)}");
        }
        if (stored is not { Format: Newest })
            throw Malformed(name, stored is null ? "the file says nothing" : $"format {stored.Format} is not read; {Newest} is");
        if (!IsDigest(stored.Model) || !IsDigest(stored.Root) || stored.Layers is not { Count: >= 1 and <= MaxLayers }
            || !stored.Layers.All(IsSound) || stored.Layers[0].Operation != TranscriptLayer.Input)
            throw Malformed(name,
                "model, root and layers are needed, the inputs first, each with name, operation and digests of 64 hexadecimal digits");
        var transcript = new Transcript(stored.Model, stored.Layers);
        return transcript.Root == stored.Root ? transcript
            : throw new DiagnosticException(LibraryCodes.TranscriptRoot,
                $"the root is {stored.Root}, that of the digests in the file is {transcript.Root}", new SourceLocation(name),
                "the file was changed after it was written");
    }

    private static bool IsSound(TranscriptLayer? layer) =>
        layer is { Name: not null, Operation: not null, Digests.Count: >= 1 and <= MaxResults } && layer.Digests.All(IsDigest);

    private static bool IsDigest(string? text) => text is { Length: 2 * AuditHash.Size } && text.All(char.IsAsciiHexDigitLower);

    private static DiagnosticException Malformed(string name, string what) => new(
        LibraryCodes.Transcript, what, new SourceLocation(name), "cortexml run --transcript writes one");
}

/// <summary>The form of the file.</summary>
internal sealed record StoredTranscript(int Format, string Model, IReadOnlyList<TranscriptLayer> Layers, string Root);
