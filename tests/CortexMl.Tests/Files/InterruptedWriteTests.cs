using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Loading;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Files;

/// <summary>
/// A writer that is stopped in front of any step of its writing (as by kill -9: nothing is cleared up) leaves what was there, what was to
/// come, or a folder that every reader refuses; the next run leaves what an undisturbed one does.
/// </summary>
public sealed class InterruptedWriteTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    private string Package => _tiny.Folder["package"];

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_compiled_folder_is_the_old_one_the_new_one_or_refused() => InterruptEverywhere(
        _tiny.Out, () => _tiny.Compile(), () => _tiny.Compile("--input-precision", "6", "--output-precision", "8"), least: 20);

    [Fact]
    public void A_package_is_the_old_one_the_new_one_or_refused()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        InterruptEverywhere(Package, () => CliRun.Of("chain", "pack", _tiny.Out, "-o", Package),
            () => CliRun.Of("chain", "pack", _tiny.Out, "-o", Package, "--comment", "another one", "--piece-length", "16384"), least: 14);
    }

    [Fact]
    public void A_first_compilation_leaves_no_folder_that_is_read() =>
        InterruptEverywhere(_tiny.Out, () => null, () => _tiny.Compile(), least: 20);

    [Theory]
    [InlineData("calibrate", "MODEL", "--data", "DATA", "--scale", "1/255", "-o", "FILE")]
    [InlineData("print", "MODEL", "-o", "FILE")]
    [InlineData("opt", "MODEL", "--passes", "dead-code", "-o", "FILE")]
    [InlineData("run", "OUT", "--data", "DATA", "-o", "FILE")]
    [InlineData("chain", "contract", "OUT", "-o", "FILE")]
    [InlineData("test", "GOLDEN", "--bless")]
    public void A_single_file_is_the_old_one_or_the_new_one(params string[] line)
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        bool blesses = line.Contains("GOLDEN");
        string old = blesses ? "//! print\ngraph @g(%x: f32[2]) { return %x }\n//=\nold\n" : "old",
        extension = line[0] == "run" ? ".npy" : ".txt";
        string Target(int n) => _tiny.Folder[$"target{n}{(blesses ? ".cml" : extension)}"];
        CliRun Call(int n) => CliRun.Of([.. line.Select(word => word switch
        {
            "MODEL" => _tiny.Model, "DATA" => _tiny.Data, "OUT" => _tiny.Out, "FILE" or "GOLDEN" => Target(n), _ => word,
        })]);
        _tiny.Folder.Write(Target(0), old);
        Assert.Equal(0, Call(0).Exit);
        byte[] written = File.ReadAllBytes(Target(0));
        int steps = 0;
        for (bool interrupted = true; interrupted; steps++)
        {
            _tiny.Folder.Write(Target(1), old);
            interrupted = Interrupted(steps, () => Call(1));
            string found = File.ReadAllText(Target(1));
            Assert.True(found == old || File.ReadAllBytes(Target(1)).AsSpan().SequenceEqual(written), $"step {steps}: neither old nor new");
            Assert.Equal(0, Call(1).Exit);
            Assert.DoesNotContain(_tiny.Folder.Listing, name => name.EndsWith(".partial", StringComparison.Ordinal));
        }
        Assert.True(steps > 4, $"only {steps} steps");
    }

    [Fact]
    public async Task Two_writers_at_once_leave_the_folder_of_one()
    {
        string folder = _tiny.Folder["both"];
        Directory.CreateDirectory(folder);
        for (int round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(() => OutputFolder.Write(
                folder, [.. Enumerable.Range(0, 5).Select(i => OutputFile.Text($"file{i}", $"{writer} of round {round}"))]))));
            var contents = FolderManifest.Guard(folder, acceptsEdited: false,
                () => Enumerable.Range(0, 5).Select(i => File.ReadAllText(Path.Combine(folder, $"file{i}"))).ToList());
            Assert.Single(contents.Distinct());
            Assert.Equal(6, Directory.EnumerateFileSystemEntries(folder).Count());
        }
    }

    private void InterruptEverywhere(string folder, Func<CliRun?> first, Func<CliRun> second, int least)
    {
        string? old = null;
        int steps = 0;
        Assert.Equal(0, second().Exit);
        string expected = Fingerprint(folder);
        for (bool interrupted = true; interrupted; steps++)
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Assert.True(first() is not { Exit: not 0 });
            old = Directory.Exists(folder) ? Fingerprint(folder) : null;
            interrupted = Interrupted(steps, second);
            string? found = Read(folder);
            Assert.True(found is null || found == old || found == expected, $"step {steps}: a mixed folder is read");
            Assert.Equal(0, second().Exit);
            Assert.Equal(expected, Fingerprint(folder));
        }
        Assert.NotEqual(expected, old);
        Assert.True(steps > least, $"only {steps} steps");
    }

    /// <returns>False where the work has fewer steps.</returns>
    private static bool Interrupted(int step, Func<CliRun> work)
    {
        int done = 0;
        bool stopped = false;
        FileSteps.Before = (_, _) =>
        {
            // After the end of the process nothing happens.
            if (done++ >= step) throw new Killed(stopped = true);
        };
        try
        {
            work();
        }
        finally
        {
            FileSteps.Before = null;
        }
        return stopped;
    }

    /// <summary>All bytes of the folder where a reader takes it for a model; null where it is refused.</summary>
    private static string? Read(string folder)
    {
        try
        {
            if (!Directory.Exists(folder) || !ModelLoader.IsCompiled(folder)) return null;
            ModelLoader.Load(folder);
            return Fingerprint(folder);
        }
        catch (DiagnosticException error)
        {
            Assert.Contains(error.Diagnostics[0].Code, (string[])["CML0107", "CML0108"]);
            return null;
        }
    }

    private static string Fingerprint(string folder) => string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(f => !f.Contains(".partial", StringComparison.Ordinal) && !f.EndsWith(".lock", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
        .Select(f => $"{Path.GetRelativePath(folder, f)} {ManifestEntry.Of(f)}"));

    private sealed class Killed(bool really) : Exception($"the process is gone: {really}");
}
