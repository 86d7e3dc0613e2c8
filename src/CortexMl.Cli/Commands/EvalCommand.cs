using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Evaluating;
using CortexMl.Preparing;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml eval</c>: accuracy of models, and their agreement.</summary>
internal static class EvalCommand
{
    private const string Description = """
        Measure models on labelled data: a float MODEL gives the float figure, a compiled DIR the integer one.

        With several models it also says how often all of them name the same class.

        Example:
          cortexml eval mnist-symbol.json out --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --scale 1/255
        """;

    public static Command Create(Session session)
    {
        var models = new Argument<string[]>("MODEL") { Description = "Models, compiled folders or both", Arity = ArgumentArity.OneOrMore };
        var inputScale = CommonOptions.InputScale();
        var engine = CommonOptions.Engine();
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        Option<bool> integer = CommonOptions.Integer(), json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("eval", Description) { models, engine, device, threads, inputScale, integer, json, quiet };
        var data = new DataArguments(command, SampleCounts.OfRunning());
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var options = new RunOptions
            {
                Engine = parsed.GetValue(engine)!, Device = parsed.GetValue(device), Threads = parsed.GetValue(threads),
                InputScale = parsed.GetValue(inputScale), Integer = parsed.GetValue(integer),
            };
            var notes = session.Notes;
            var given = ModelData.Open(parsed.GetValue(models)!, modelOptions.Read(parsed), data.Required(parsed), options.Integer, notes);
            var choices = new List<EngineChoice>();
            Evaluation result;
            try
            {
                foreach (var (model, _) in given)
                {
                    OutputNotes.AboutClasses(model, notes);
                    choices.Add(EngineChoice.Of(model, options));
                    choices[^1].Tell(notes);
                }
                ClassDoubts.Tell(given, notes, needsLabels: given.Count == 1);
                session.ShowNotes();
                result = session.WithProgress(progress =>
                    Evaluator.Run([.. choices.Zip(given, (choice, g) => (choice, g.Samples))], progress, notes));
            }
            finally
            {
                foreach (var choice in choices) choice.Dispose();
            }
            session.ShowNotes(DataDoubts.Of(given, options.Integer));
            if (parsed.GetValue(json)) session.Terminal.Write(JsonText.Write(result));
            else Tables.Show(session.Terminal.Console, result);
            return ExitCodes.Ok;
        },
        parsed =>
        [
            .. modelOptions.Checks(parsed, parsed.GetValue(models)!), .. data.Checks(parsed),
            () => EngineChoice.CheckName(parsed.GetValue(engine)!),
        ]);
        return command;
    }
}
