using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Damaged files: a diagnostic or a graph, never another exception, never memory beyond what the file's size justifies.</summary>
public class MutationTests
{
    private const int Mutants = 300;

    private const long Memory = 64 << 20;

    [Theory]
    [InlineData("mnist-dapp", 1)]
    [InlineData("mnist-mlp", 2)]
    public void Flipped_bytes_never_crash(string model, int seed)
    {
        byte[] original = File.ReadAllBytes(Repository.Path("golden", "models", model, $"{model}.onnx"));
        using var folder = new TemporaryFolder();
        var random = new Random(seed);
        for (int i = 0; i < Mutants; i++)
        {
            byte[] mutant = [.. original];
            // Weights fill the most of a file: half of the damage goes to its ends, where the structure is.
            for (int flips = random.Next(1, 6); flips > 0; flips--)
                mutant[random.Next(2) == 0 ? random.Next(mutant.Length) : Ends(random, mutant.Length)] = (byte)random.Next(256);
            Read(folder.Write("model.onnx", mutant));
        }
    }

    [Fact]
    public void Files_cut_off_anywhere_are_refused()
    {
        byte[] original = File.ReadAllBytes(Repository.Path("golden", "models", "mnist-mlp", "mnist-mlp.onnx"));
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 100; i++)
        {
            string path = folder.Write("model.onnx", original[..(original.Length * i / 100)]);
            Assert.Throws<DiagnosticException>(() => OnnxImporter.Import(path));
        }
    }

    [Fact]
    public void A_file_of_empty_nodes_is_refused_before_they_take_memory()
    {
        // graph (7) { node (1) {} … }: two bytes each
        const int Nodes = 4 << 20;
        byte[] nodes = [.. Enumerable.Range(0, Nodes).SelectMany(_ => new byte[] { 0x0a, 0 })];
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.onnx", [0x3a, .. Varint(nodes.Length), .. nodes]);
        long before = GC.GetTotalAllocatedBytes(precise: true);
        var error = Assert.Throws<DiagnosticException>(() => OnnxImporter.Import(path));
        Assert.Equal(DiagnosticCodes.TooLarge, error.Diagnostics[0].Code);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, Memory + 16L * nodes.Length);
    }

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    private static int Ends(Random random, int length) =>
        random.Next(2) == 0 ? random.Next(Math.Min(2000, length)) : length - 1 - random.Next(Math.Min(2000, length));

    internal static void Read(string path)
    {
        try
        {
            OnnxImporter.Import(path, new ImportOptions { MaxMemory = Memory });
        }
        catch (DiagnosticException)
        {
        }
    }
}
