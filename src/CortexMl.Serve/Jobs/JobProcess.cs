using System.Diagnostics;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Runs;

namespace CortexMl.Serve.Jobs;

/// <summary>
/// <c>cortexml compile run.json --progress plain</c> as a process of its own, in the folder of its job: what a network takes of memory is
/// its own, and to cancel it is to end it.
/// </summary>
internal static class JobProcess
{
    private const int MostLines = 5_000, MostCharacters = 2_000;

    /// <param name="tell">Gets each line that it says.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="OperationCanceledException">It was ended.</exception>
    public static async Task<int> RunAsync(Job job, IReadOnlyList<string> command, Action<string> tell, CancellationToken stop)
    {
        if (Directory.Exists(job.Output)) Directory.Delete(job.Output, recursive: true);
        await using var log = new StreamWriter(
            new FileStream(Path.Combine(job.Folder, Job.LogName), FileMode.Create, FileAccess.Write, FileShare.Read | FileShare.Delete),
            new UTF8Encoding(false))
        { AutoFlush = true, NewLine = "\n" };
        using var process = Process.Start(StartOf(job, command))!;
        process.StandardInput.Close();
        int lines = 0;
        try
        {
            // Its output is what the files say; messages and progress are elsewhere.
            await Task.WhenAll(ReadAsync(process.StandardError), process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, stop));
            await process.WaitForExitAsync(stop);
            return process.ExitCode;
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        async Task ReadAsync(StreamReader from)
        {
            while (await from.ReadLineAsync(stop) is { } text)
            {
                string line = Printable.Line(text.Length > MostCharacters ? text[..MostCharacters] + "…" : text);
                if (++lines > MostLines) continue;
                await log.WriteLineAsync(line);
                tell(line);
            }
        }
    }

    private static ProcessStartInfo StartOf(Job job, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0])
        {
            WorkingDirectory = job.Folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardErrorEncoding = Encoding.UTF8, StandardOutputEncoding = Encoding.UTF8, CreateNoWindow = true,
        };
        foreach (string word in (string[])[.. command.Skip(1), "compile", RunFile.FileName, "--progress", "plain"])
            start.ArgumentList.Add(word);
        return start;
    }
}
