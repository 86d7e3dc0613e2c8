using System.CommandLine;
using System.Runtime.CompilerServices;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Serve;

namespace CortexMl.Cli.Commands.Serving;

/// <summary><c>cortexml serve</c>: a page to work with.</summary>
internal static class ServeCommand
{
    private const string StandardFolder = "cortexml-work";

    private const string Description = """
        Open a page on this machine: drop a model and images, compile, look at the report, and draw a digit.

        The page is for a browser on this machine alone. Its address is printed; it holds a token of 128 random bits, and whoever has it may
        use the page until the command ends (Ctrl-C). What is dropped is kept in the folder of --work, in a job of its own: the files, a
        run file, and what 'cortexml compile' makes of it, which runs as a process that can be cancelled. One job runs at a time, others
        wait. Nothing outside that folder is read or written. Opened again with the same folder, the page shows the same jobs.

        Uploads are files, folders, and archives (.zip, .tar, .tar.gz, .tgz), which are unpacked; what is in them is checked.

        Examples:
          cortexml serve
          cortexml serve --work digits --port 8080
          cortexml serve --max-upload 2GiB
        """;

    public static Command Create(Session session)
    {
        var work = new Option<string>("--work")
        {
            HelpName = "DIR", Description = "Folder for the jobs; made where it is missing", DefaultValueFactory = _ => StandardFolder,
        };
        var port = new NumberOption<int>("--port")
        {
            Bounds = new(0, 65535), HelpName = "PORT", Description = "Of the address; 0 takes one that is free",
            DefaultValueFactory = _ => 0,
        };
        var upload = new Option<string>("--max-upload")
        {
            HelpName = "SIZE", Description = "What the files of a job may take, unpacked: 512MiB, 2GiB",
            DefaultValueFactory = _ => "512MiB",
        };
        var command = new TaughtCommand("serve", Description) { work, port, upload };
        command.SetAction(parsed =>
        {
            long bytes = ByteSizes.Parse(parsed.GetValue(upload)!, "--max-upload");
            string folder = TextOutput.Folder(parsed.GetValue(work)!);
            PageRuntime.Need();
            Serve(session, new ServeOptions(folder, Words()) { Port = parsed.GetValue(port), MaxUpload = bytes });
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <summary>Apart from the rest: only here is ASP.NET Core looked for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Serve(Session session, ServeOptions options) => ServeAsync(session, options).GetAwaiter().GetResult();

    private static async Task ServeAsync(Session session, ServeOptions options)
    {
        var end = new TaskCompletionSource();
        using var ending = Interruption.TakeOver(() => end.TrySetResult());
        await using var server = await PageServer.StartAsync(options);
        session.Terminal.Write($"{server.Address}\n");
        session.Terminal.Error.Write(
            $"open this address in a browser on this machine; jobs lie in '{options.Work}'; Ctrl-C ends the page\n");
        await end.Task;
    }

    /// <summary>The words that start this program again.</summary>
    private static string[] Words()
    {
        string program = Environment.ProcessPath!;
        bool isHost = Path.GetFileNameWithoutExtension(program).Equals("dotnet", StringComparison.OrdinalIgnoreCase);
        return isHost ? [program, Path.Combine(AppContext.BaseDirectory, "cortexml.dll")] : [program];
    }
}
