using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Runs;

namespace CortexMl.Cli.Commands.RunFiles;

/// <summary><c>cortexml init</c>: a run file for a network.</summary>
internal static class InitCommand
{
    private const string Description = """
        Write a run file for a float network: what can be guessed is guessed, and on a terminal asked for.

        Input names and shapes come from the network, data and labels from files beside it, and where there are labels, the preparation
        from what doctor finds. Each guess says in a comment where it comes from; an answer of - leaves something out. The file is for you
        to edit: 'cortexml schema run' prints what may stand in it.

        Examples:
          cortexml init mnist-symbol.json
          cortexml init net.onnx --data train --test val --labels val-labels.txt --output runs/net.json
          cortexml compile run.json
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "A float model: x-symbol.json, x.onnx, x.cml, or a folder with one of them",
        };
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "FILE", Description = "The run file, - for standard output", DefaultValueFactory = _ => RunFile.FileName,
        };
        var test = new Option<string?>("--test")
        {
            HelpName = "DATA", Description = "Labelled data on which the compiled files are measured",
        };
        var ask = new Option<bool?>("--ask")
        {
            Description = "Ask for what is guessed, an answer a line (default on a terminal; --ask false takes the guesses)",
        };
        var replace = new Option<bool>("--replace") { Description = "Take the place of a file that is there" };
        var quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("init", Description) { model, output, test, ask, replace, quiet };
        var data = new DataArguments(command, SampleCounts.OfRunning(), knowsStored: false);
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            string path = parsed.GetValue(model)!, target = parsed.GetValue(output)!;
            if (target != TextOutput.Standard && Path.Exists(target) && !parsed.GetValue(replace))
                throw new DiagnosticException(CliCodes.Usage, $"'{target}' is there already",
                    hint: "pass --replace, or -o with another name");
            var hints = new RunHints
            {
                Data = data.Path(parsed), Test = parsed.GetValue(test), Labels = data.Labels(parsed),
                Preprocessing = data.Preprocessing(parsed),
            };
            var questions = new Questions(session, parsed.GetValue(ask) ?? session.Terminal.IsInteractive);
            string folder = target == TextOutput.Standard ? "." : Path.GetDirectoryName(Path.GetFullPath(target))!;
            var run = RunGuess.Of(path, modelOptions.Read(parsed), hints, folder, questions.Ask, session.Notes, Passes.NoProgress.Instance);
            session.ShowNotes();
            TextOutput.Write(session, target, run.ToJson());
            if (target != TextOutput.Standard && !session.IsQuiet)
                session.Terminal.Error.Write($"'{target}' is written; look at it, then: cortexml compile {target}\n");
            return ExitCodes.Ok;
        },
        parsed =>
        [
            .. modelOptions.Checks(parsed, parsed.GetValue(model)!),
            .. data.Checks(parsed, isNeeded: false, others: parsed.GetValue(test) is { } path ? [path] : []),
        ]);
        return command;
    }
}

/// <summary>Questions on the error stream, answers from standard input, a line each.</summary>
internal sealed class Questions(Session session, bool asks)
{
    private const string Nothing = "-";

    private StreamReader? _answers;

    /// <summary>The answer; the guess where nobody is asked, where the line is empty, or behind the last line.</summary>
    public string Ask(string question, string guess)
    {
        if (!asks) return guess;
        session.ShowNotes();
        session.Terminal.Error.Write(guess.Length > 0 ? $"{question} [{guess}]: " : $"{question}: ");
        _answers ??= new StreamReader(session.Terminal.Input);
        string answer = _answers.ReadLine()?.Trim() ?? "";
        return answer.Length == 0 ? guess : answer == Nothing ? "" : answer;
    }
}
