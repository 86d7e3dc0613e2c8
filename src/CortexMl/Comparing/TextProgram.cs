using System.ComponentModel;
using System.Diagnostics;
using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Comparing;

/// <summary>
/// A command that is run on texts of graphs, each with its constants in a folder of its own among the temporary ones. What it writes is
/// thrown away; its exit code is what counts.
/// </summary>
/// <param name="words">The command; <c>{}</c> stands for the text's path, which is added at the end where nothing does.</param>
/// <param name="own">Runs the words behind <c>cortexml</c> within this process; null starts a program for them too.</param>
/// <param name="cancellation">Ends a program, with those that it started.</param>
internal sealed class TextProgram(IReadOnlyList<string> words, Func<IReadOnlyList<string>, int>? own, CancellationToken cancellation)
{
    private const string Place = "{}", Own = "cortexml", TextName = "graph.cml", TensorsName = "graph.npz";

    /// <exception cref="DiagnosticException">CML0981: there is no such program.</exception>
    /// <exception cref="OperationCanceledException">By the token.</exception>
    public int Run(Graph graph)
    {
        cancellation.ThrowIfCancellationRequested();
        string folder = Directory.CreateTempSubdirectory("cortexml-").FullName;
        try
        {
            string path = Path.Combine(folder, TextName);
            Write(graph, path, TensorsName);
            return Run(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The text of a graph, and beside it the constants that are too large to be listed.</summary>
    public static void Write(Graph graph, string path, string tensors)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var file in ModelText.Alone(graph, Path.GetFileName(path), tensors))
        {
            using var stream = File.Create(Path.Combine(folder, file.Name));
            file.Write(stream);
        }
    }

    private int Run(string path)
    {
        bool isPlaced = words.Any(w => w.Contains(Place, StringComparison.Ordinal));
        List<string> all = [.. words.Select(w => w.Replace(Place, path, StringComparison.Ordinal))];
        if (!isPlaced) all.Add(path);
        if (all[0] == Own && own is not null) return own([.. all.Skip(1)]);
        var start = new ProcessStartInfo(all[0], all.Skip(1))
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            using var end = cancellation.Register(() => process.Kill(entireProcessTree: true));
            process.StandardInput.Close();
            // Both at once: a program that fills one of them would wait for its reader.
            var error = process.StandardError.ReadToEndAsync();
            process.StandardOutput.ReadToEnd();
            error.Wait();
            process.WaitForExit();
            cancellation.ThrowIfCancellationRequested();
            return process.ExitCode;
        }
        catch (Win32Exception problem)
        {
            throw new DiagnosticException(LibraryCodes.Condition, $"'{all[0]}' cannot be run: {problem.Message}", hint: Condition.Help);
        }
    }
}
