using System.CommandLine;
using CortexMl.Chain;
using CortexMl.Chain.Words;
using CortexMl.Chaining;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Preparing;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain input</c>: data as a model's input on the chain.</summary>
internal static class InputCommand
{
    private const string Description = """
        Turn an image or an array into the words of a contract, a call, or the data file of an input account.

        Preparation, scale and precision are those of the model; data that already are its integers come with --integer.
        Formats: words, a JSON list of uint256, as the chain's tutorial prints them; calldata, the call of --function with
        them; npy, the file of an input account, which must be named data.

        Examples:
          cortexml chain input package digit.png
          cortexml chain input package digit.png --format calldata -o call.hex
          cortexml chain input package --data test-images.npy --sample 3 --format npy -o data
        """;

    public static Command Create(Session session)
    {
        var model = ChainArguments.Model();
        var file = new Argument<string?>("DATA") { Description = "An image or array; the same as --data", Arity = ArgumentArity.ZeroOrOne };
        var sample = new NumberOption<int>("--sample")
        {
            Bounds = new(0), HelpName = "N", Description = "Which sample of the data, from 0",
        };
        var format = new Option<string?>("--format") { HelpName = "FORMAT", Description = "words (default), calldata or npy" }.From(
            "words", "calldata", "npy");
        var function = new Option<string>("--function")
        {
            HelpName = "SIGNATURE", Description = "Of the call", DefaultValueFactory = _ => ChainInput.SetInput,
        };
        var output = ChainArguments.Output("the input");
        var inputScale = CommonOptions.InputScale();
        Option<bool> integer = CommonOptions.Integer(), edited = CommonOptions.AcceptEdited();
        var command =
            new TaughtCommand("input", Description) { model, file, sample, format, function, output, inputScale, integer, edited };
        var data = new DataArguments(command, SampleCounts.OfRunning(), file);
        command.SetAction(parsed =>
        {
            var options = new RunOptions { InputScale = parsed.GetValue(inputScale), Integer = parsed.GetValue(integer) };
            var notes = session.Notes;
            string path = parsed.GetValue(model)!;
            var (loaded, samples) = ModelData.Open(
                [path], new ModelOptions { AcceptsEdited = parsed.GetValue(edited) }, data.Required(parsed), options.Integer, notes)[0];
            session.ShowNotes();
            var input = ChainInput.Read(loaded, samples, parsed.GetValue(sample), options);
            session.ShowNotes(DataDoubts.Of([(loaded, samples)], options.Integer));
            string target = parsed.GetValue(output)!;
            switch (parsed.GetValue(format))
            {
                case "npy":
                    TextOutput.Write(session, target, stream => NpyWriter.Write(stream, InputWords.ToAccountData(loaded.Cvm!, input)));
                    break;
                case "calldata":
                    TextOutput.Write(
                        session, target, Hex.Of(ChainInput.ToCallData(parsed.GetValue(function)!, ChainInput.Words(loaded, input))) + "\n");
                    break;
                default:
                    TextOutput.Write(session, target, ChainWords.Print(ChainInput.Words(loaded, input)));
                    break;
            }
            return ExitCodes.Ok;
        });
        return command;
    }
}
