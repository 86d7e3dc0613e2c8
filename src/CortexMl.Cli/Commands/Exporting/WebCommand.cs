using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Data.Classes;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Web;

namespace CortexMl.Cli.Commands.Exporting;

/// <summary><c>cortexml export web</c>: a page that runs the model.</summary>
internal static class WebCommand
{
    private const string Description = """
        Write a page that computes a compiled model in a browser: the integers of cortexml run, bit for bit.

        An image is chosen, dropped, pasted or drawn, or numbers are typed; preparation, scale and names of classes are those of the
        model. The page shows the classes, the integers, and the call that stores the input in the contract. It is a folder for any
        server of files, and loads nothing from elsewhere.

        What computes is onnxruntime-web, of whose npm package two files are copied: npm install onnxruntime-web, and --ort
        node_modules/onnxruntime-web, which is also where it is looked for. With --without-ort they are left to be copied later.

        Examples:
          npm install onnxruntime-web && cortexml export web out -o page
          cortexml export web out -o page --title Animals --classes classes.txt --ort site/node_modules/onnxruntime-web
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("DIR") { Description = "A compiled folder, or one written by chain pack" };
        var output = new Option<string>("--output", "-o") { HelpName = "PAGE", Description = "Folder for the page", Required = true };
        var ort = new Option<string?>("--ort")
        {
            HelpName = "FOLDER", Description = $"The npm package {WebRuntime.Package}; {WebRuntime.UsualPlace} where left out",
        };
        var without = new Option<bool>("--without-ort") { Description = "Copy nothing of it; README.txt in the page says how" };
        var classes = new Option<string?>("--classes")
        {
            HelpName = "FILE", Description = "Names of the network's classes: one a line, 'index name' lines, or JSON",
        };
        var title = new Option<string?>("--title") { HelpName = "TEXT", Description = "Of the page; the network's name where left out" };
        Option<bool> edited = CommonOptions.AcceptEdited(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("web", Description) { model, output, ort, without, title, classes, edited, quiet };
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            string folder = TextOutput.Folder(parsed.GetValue(output)!);
            var runtime = Runtime(parsed.GetValue(ort), parsed.GetValue(without));
            var names = parsed.GetValue(classes) is { } file ? ClassFile.Read(file) : null;
            var options = new ModelOptions { AcceptsEdited = parsed.GetValue(edited) };
            var files = WebPage.Files(parsed.GetValue(model)!, runtime, parsed.GetValue(title), names, options, session.Notes);
            session.ShowNotes();
            OutputFolder.Write(folder, files);
            if (!session.IsQuiet)
                session.Terminal.Error.Write($"'{folder}' holds the page; {(runtime.Version is { } version
                    ? $"it runs on {WebRuntime.Package} {version}" : "it works once the files of README.txt are copied")}\n");
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <exception cref="DiagnosticException">CML0940: both are said; CML0996.</exception>
    private static WebRuntime Runtime(string? ort, bool without) => (ort, without) switch
    {
        ({ }, true) => throw new DiagnosticException(CliCodes.Usage, "--ort and --without-ort contradict each other"),
        (_, true) => WebRuntime.Later,
        _ => WebRuntime.Read(ort ?? WebRuntime.UsualPlace),
    };
}
