using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Runs;

namespace CortexMl.Cli.Commands.RunFiles;

/// <summary><c>cortexml import-ini</c>: the reference tool's configuration becomes a run file.</summary>
internal static class ImportIniCommand
{
    private const string Description = """
        Turn a configuration of the reference tool (mnist.ini) into a run file.

        Model and data are looked for where the reference tool looks (Model_dir, else beside the configuration or ~/mrt_model; Dataset_dir,
        else ~/.mxnet/datasets); options say where they are instead. The preparation is the one that the reference tool gives its data
        sets. What a run file cannot say is a warning; the table of all keys is in src/CortexMl/Runs/README.md.

        Examples:
          cortexml import-ini mnist.ini
          cortexml import-ini mnist.ini --model mnist-symbol.json --data t10k-images-idx3-ubyte.gz -o runs/mnist.json
          cortexml compile run.json
        """;

    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE") { Description = "The configuration, as python main2.py takes it" };
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "FILE", Description = "The run file, - for standard output", DefaultValueFactory = _ => RunFile.FileName,
        };
        var model = new Option<string?>("--model")
        {
            HelpName = "MODEL", Description = "The network, in place of Model_dir and Model_name",
        };
        var parameters = new Option<string?>("--params")
        {
            HelpName = "FILE", Description = "Its parameters; found beside it where left out",
        };
        var data = new Option<string?>("--data") { HelpName = "DATA", Description = "Data, in place of the files of Dataset" };
        var labels = new Option<string?>("--labels") { HelpName = "FILE", Description = "Their classes, where the data do not hold them" };
        var result = new Option<string?>("--result")
        {
            HelpName = "DIR", Description = "Folder for the compiled model, in place of Dump_dir",
        };
        var replace = new Option<bool>("--replace") { Description = "Take the place of a file that is there" };
        var command = new TaughtCommand("import-ini", Description) { file, output, model, parameters, data, labels, result, replace };
        command.SetAction(parsed =>
        {
            string target = parsed.GetValue(output)!;
            if (target != TextOutput.Standard && Path.Exists(target) && !parsed.GetValue(replace))
                throw new DiagnosticException(CliCodes.Usage, $"'{target}' is there already",
                    hint: "pass --replace, or -o with another name");
            string folder = target == TextOutput.Standard ? "." : Path.GetDirectoryName(Path.GetFullPath(target))!;
            var places = new ImportPlaces(folder)
            {
                Model = parsed.GetValue(model), Params = parsed.GetValue(parameters), Data = parsed.GetValue(data),
                Labels = parsed.GetValue(labels), Output = parsed.GetValue(result),
            };
            var run = ReferenceConfiguration.Import(parsed.GetValue(file)!, places, session.Notes);
            session.ShowNotes();
            TextOutput.Write(session, target, run.ToJson());
            return ExitCodes.Ok;
        });
        return command;
    }
}
