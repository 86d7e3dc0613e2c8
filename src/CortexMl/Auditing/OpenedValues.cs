using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Auditing;

/// <summary>
/// The values behind a transcript with the proofs that they belong to its tree: a .npz file with, for the layer at place 7,
/// <c>7.0</c>, <c>7.1</c>, … (its results, int32) and <c>7.proof</c> (the digests beside the way to the root, uint8). A file may hold
/// some layers only.
/// </summary>
public sealed class OpenedValues : IDisposable
{
    private const string Proof = "proof";

    private readonly NpzReader _archive;
    private readonly HashSet<string> _keys;
    private readonly string _name;

    /// <exception cref="DiagnosticException">Those of reading .npz files.</exception>
    public OpenedValues(string path)
    {
        (_archive, _name) = (new NpzReader(path), Files.InputFile.DisplayName(path));
        _keys = [.. _archive.Keys];
    }

    /// <summary>The file of a whole run.</summary>
    public static void Write(Stream stream, RecordedRun run) =>
        NpzWriter.Write(stream, run.Values.SelectMany((results, place) => (IEnumerable<(string, Tensor)>)
        [
            .. results.Select((result, i) => (Key(place, Text(i)), (Tensor)result)),
            (Key(place, Proof), Packed(run.Transcript.Tree.Proof(place))),
        ]));

    /// <summary>The results of a layer, proven to be those of a transcript.</summary>
    /// <param name="parties">Transcripts that have the same leaf there; the proof is that of one of them.</param>
    /// <exception cref="DiagnosticException">
    /// CML0993: the file does not hold the layer, or its values or proof are not those of the tree; CML0104, CML0106: a damaged file.
    /// </exception>
    public IReadOnlyList<Tensor<int>> Open(int place, params IReadOnlyList<Transcript> parties)
    {
        var layer = parties[0].Layers[place];
        string what = string.Create(CultureInfo.InvariantCulture, $"layer {place} ('{Printable.Name(layer.Name)}')");
        string[] keys = [.. layer.Digests.Select((_, i) => Key(place, Text(i))), Key(place, Proof)];
        if (!keys.All(_keys.Contains))
            throw Refused($"{what} is not in the file", "cortexml run --transcript FILE --values FILE writes all layers");
        if (keys[..^1].Select(_archive.Read).ToList() is var read && !read.All(t => t is Tensor<int>))
            throw Refused($"{what} holds no int32", "its values were changed");
        Tensor<int>[] results = [.. read.Cast<Tensor<int>>()];
        byte[] leaf = AuditHash.OfLeaf(place, [.. results.Select(AuditHash.OfTensor)]);
        if (!leaf.AsSpan().SequenceEqual(parties[0].Tree[place]))
            throw Refused($"the values of {what} are not those of the transcript", "they were changed, or are of another run");
        var proof = Unpacked(_archive.Read(keys[^1]));
        return proof is not null && parties.Any(party => MerkleTree.Proves(party.Tree.Root, leaf, place, party.Tree.Count, proof)) ? results
            : throw Refused($"the proof of {what} does not lead to the root of the transcript", "it was changed, or is of another run");
    }

    public void Dispose() => _archive.Dispose();

    private static string Key(int place, string what) => $"{Text(place)}.{what}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static Tensor<byte> Packed(IReadOnlyList<byte[]> proof) =>
        Tensor.Create(Shape.Of(proof.Count, AuditHash.Size), proof.SelectMany(digest => digest).ToArray());

    private static IReadOnlyList<byte[]>? Unpacked(Tensor tensor) =>
        tensor is Tensor<byte> { Shape: { Rank: 2 } shape } bytes && shape[1] == AuditHash.Size
            ? [.. bytes.Data.Chunk(AuditHash.Size)]
            : null;

    private DiagnosticException Refused(string what, string hint) => new(LibraryCodes.Opening, what, new SourceLocation(_name), hint);
}
