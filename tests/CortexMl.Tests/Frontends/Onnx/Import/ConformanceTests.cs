using System.Formats.Tar;
using System.IO.Compression;
using CortexMl.Survey.Onnx;
using CortexMl.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>
/// The ONNX project's own cases: what is imported computes the expected numbers, everything else is refused with a diagnostic.
/// </summary>
public class ConformanceTests(ITestOutputHelper output)
{
    private const int MutantsOfCase = 2;

    /// <summary>Operators that the importer must take in at least this many cases, so that nothing is refused by mistake.</summary>
    public static readonly IReadOnlyDictionary<string, int> Least = new Dictionary<string, int>
    {
        ["Conv"] = 26, ["ConvTranspose"] = 13, ["MaxPool"] = 19, ["AveragePool"] = 16, ["Gemm"] = 13, ["Softmax"] = 10, ["Slice"] = 7,
        ["Resize"] = 37, ["Pad"] = 11, ["Clip"] = 13, ["ScatterND"] = 7, ["ScatterElements"] = 7, ["TopK"] = 7, ["Hardmax"] = 7,
        ["Mod"] = 13, ["ReduceProd"] = 8, ["Scan"] = 3,
        ["Attention"] = 76, ["RotaryEmbedding"] = 8, ["NonMaxSuppression"] = 8, ["GridSample"] = 18, ["DFT"] = 10, ["LpPool"] = 8,
        ["CausalConvWithState"] = 12,
        ["GatherElements"] = 3, ["GatherND"] = 3, ["ReduceLogSum"] = 5,
    };

    [SkippableFact]
    public void Cases_with_flipped_bytes_never_crash()
    {
        string archive = Directory.EnumerateFiles(SharedData.Folder("onnx-conformance"), "*.tar.gz").Single();
        using var folder = new TemporaryFolder();
        Unpack(archive, folder.Path);
        var random = new Random(3);
        foreach (string path in Directory.EnumerateFiles(folder.Path, "model.onnx", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            byte[] original = File.ReadAllBytes(path);
            for (int i = 0; i < MutantsOfCase; i++)
            {
                byte[] mutant = [.. original];
                for (int flips = random.Next(1, 4); flips > 0; flips--) mutant[random.Next(mutant.Length)] = (byte)random.Next(256);
                MutationTests.Read(folder.Write("mutant.onnx", mutant));
            }
        }
    }

    [SkippableFact]
    public void No_case_gives_other_numbers_or_ends_in_an_exception()
    {
        string archive = Directory.EnumerateFiles(SharedData.Folder("onnx-conformance"), "*.tar.gz").Single();
        using var folder = new TemporaryFolder();
        Unpack(archive, folder.Path);
        var results = OnnxCase.Find(folder.Path).Select(c => c.Run()).ToList();
        using var table = new StringWriter();
        CaseTable.Write(results, table);
        output.WriteLine(table.ToString());
        Assert.True(results.Count > 1500, $"{results.Count} cases were found");
        Assert.Empty(results.Where(r => r.Outcome == Outcome.Failed).Select(r => $"{r.Name}: {r.Reason}"));
        foreach (var (name, least) in Least)
            Assert.True(results.Count(r => r.Operator == name && r.Outcome == Outcome.Agrees) is var count && count >= least,
                $"{name}: {count} cases agree, at least {least} did");
    }

    /// <summary>Everything but the big networks.</summary>
    private static void Unpack(string archive, string folder)
    {
        using var reader = new TarReader(new GZipStream(File.OpenRead(archive), CompressionMode.Decompress));
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile)
                || entry.Name.Contains("/light/", StringComparison.Ordinal)
                || entry.Name.StartsWith("light/", StringComparison.Ordinal)) continue;
            string path = Path.GetFullPath(Path.Combine(folder, entry.Name));
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            entry.ExtractToFile(path, overwrite: true);
        }
    }
}
