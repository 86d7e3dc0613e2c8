using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Sharding;

/// <summary>All parts of one run. They are read one by one: memory does not grow with their number.</summary>
public sealed class PartSet
{
    private const string Hint = "merge the parts of one run: the same cortexml, model, data, preparation and options";

    private readonly IReadOnlyList<string> _paths;

    private PartSet(PartHead run, IReadOnlyList<string> paths) => (Run, _paths) = (run, paths);

    /// <summary>Of the first shard; what it says of the run holds for all.</summary>
    public PartHead Run { get; }

    public PartKind Kind => Run.Kind;

    public int Count => _paths.Count;

    /// <summary>Files in the order of their shards.</summary>
    public IReadOnlyList<string> Paths => _paths;

    /// <summary>In the order of their shards, each read when it is asked for.</summary>
    /// <exception cref="DiagnosticException">CML1200, CML1201, CML1202: a file that changed since the parts were looked at.</exception>
    public IEnumerable<Part> Parts()
    {
        foreach (var (place, path) in _paths.Index())
        {
            var part = PartReader.Read(path);
            if (part.Head.Shard.Index != place + 1 || part.Head.DifferenceFrom(Run) is not null)
                throw new DiagnosticException(ShardCodes.Foreign, "the part was replaced while it was read", NameOf(path), "merge again");
            yield return part;
        }
    }

    /// <summary>Reads every part and looks whether they are all parts of one run.</summary>
    /// <param name="paths">Files, in any order; see <see cref="PartFiles.Named(IReadOnlyList{string})"/>.</param>
    /// <exception cref="DiagnosticException">
    /// CML1200 no parts, CML1201 damaged, CML1202 foreign, CML1203 missing, CML1204 doubled: all that is found.
    /// </exception>
    public static PartSet Open(IReadOnlyList<string> paths)
    {
        var problems = new DiagnosticBag();
        var heads = new List<(string Path, PartHead Head)>();
        foreach (string path in paths) problems.Collect(() => heads.Add((path, PartReader.Read(path).Head)));
        int unread = paths.Count - heads.Count;
        if (heads.Count == 0)
        {
            problems.ThrowIfErrors();
            throw new DiagnosticException(ShardCodes.NoPart, "there is no part to merge", hint: "name the files that --shard wrote");
        }
        var run = Most(heads);
        var own = new SortedDictionary<int, string>();
        foreach (var (path, head) in heads)
        {
            if (head.DifferenceFrom(run) is { } difference)
                problems.Error(ShardCodes.Foreign, $"the part is of another run than the others: {difference}", NameOf(path), Hint);
            else if (!own.TryAdd(head.Shard.Index, path))
                problems.Error(ShardCodes.Doubled,
                    $"shard {head.Shard} is there twice: '{InputFile.DisplayName(own[head.Shard.Index])}' too", NameOf(path),
                    "leave one of them out");
        }
        List<string> missing = [.. Enumerable.Range(1, run.Shard.Of).Where(i => !own.ContainsKey(i))
            .Select(i => i.ToString(CultureInfo.InvariantCulture))];
        // Those of files that cannot be read are told by these.
        if (missing.Count > unread)
            problems.Error(ShardCodes.Missing,
                $"of {Counted.Of(run.Shard.Of, "shard")} {(missing.Count == 1 ? "this one is" : "these are")} missing: "
                    + Listing.Of(missing),
                hint: "compute them: --shard I/N with --resume keeps the others");
        problems.ThrowIfErrors();
        return new(heads.First(h => h.Path == own[1]).Head, [.. own.Values]);
    }

    /// <summary>The run of which most parts are; of several the first that was named. A stray part is then the one that is told.</summary>
    private static PartHead Most(List<(string Path, PartHead Head)> heads)
    {
        var runs = new List<(PartHead Head, int Count)>();
        foreach (var (_, head) in heads)
        {
            int at = runs.FindIndex(r => head.DifferenceFrom(r.Head) is null);
            if (at < 0) runs.Add((head, 1));
            else runs[at] = (runs[at].Head, runs[at].Count + 1);
        }
        return runs.MaxBy(r => r.Count).Head;
    }

    private static SourceLocation NameOf(string path) => new(InputFile.DisplayName(path));
}
