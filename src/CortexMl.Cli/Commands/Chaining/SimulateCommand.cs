using System.CommandLine;
using CortexMl.Chain;
using CortexMl.Chain.Words;
using CortexMl.Chaining;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Data.Preprocess;
using CortexMl.Preparing;
using CortexMl.Running;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain simulate</c>: what the chain would do with a call.</summary>
internal static class SimulateCommand
{
    private const string Description = """
        Run a call as the chain does: the stored words become the model's input, the output becomes words.

        Words beyond the input are cut; too few of them, or an output array that is too short, fail the call (exit 1).
        Standard output gets what the words mean, --output the words themselves, standard error the gas.

        With --contract the contract itself runs, in a virtual machine with INFER and INFERARRAY: it is compiled, deployed, given the
        input (SetInput, then DigitRecognitionInfer or Infer), and called as --call says; then whatever it shows is read. A call that
        ends other than expected is exit 1. In calls, model, input and this stand for addresses.

        Examples:
          cortexml chain simulate package --calldata call.hex
          cortexml chain simulate package --words words.json --output-words 1
          cortexml chain simulate package --data digit.png --names digits.txt
          cortexml chain simulate package --contract Digits.sol --data digit.png
          cortexml chain simulate package --contract Digits.sol --data digit.png --call '!score(10)' --call '!SetInput([1])'
        """;

    private const int MaxOutputWords = 1 << 20;

    public static Command Create(Session session)
    {
        var model = ChainArguments.Model();
        var callData =
            new Option<string?>("--calldata") { HelpName = "HEX", Description = "A call of --function: 0x…, a file, - for standard input" };
        var words = new Option<string?>("--words")
        {
            HelpName = "WORDS", Description = "What the contract stores: 0x…, a list, a file, - for standard input",
        };
        var function = new Option<string>("--function")
        {
            HelpName = "SIGNATURE", Description = "Of the call", DefaultValueFactory = _ => ChainInput.SetInput,
        };
        var outputWords = new NumberOption<int?>("--output-words")
        {
            Bounds = new(0, MaxOutputWords), HelpName = "N",
            Description = "Length of the contract's output array; what is needed where left out",
        };
        var output = new Option<string?>("--output", "-o") { HelpName = "FILE", Description = "Where the output's words go" };
        var names = ChainArguments.Names();
        Option<double?> inputScale = CommonOptions.InputScale();
        Option<string> engine = CommonOptions.Engine();
        Option<bool> integer = CommonOptions.Integer(), edited = CommonOptions.AcceptEdited(), json = CommonOptions.Json(),
        quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("simulate", Description)
        {
            model, callData, words, function, outputWords, output, names, engine, inputScale, integer, edited, json, quiet,
        };
        var data = new DataArguments(command, SampleCounts.OfRunning());
        var contract = new ContractArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var options = new RunOptions
            {
                Engine = parsed.GetValue(engine)!, InputScale = parsed.GetValue(inputScale), Integer = parsed.GetValue(integer),
            };
            string? preparation = null;
            if (contract.Read(session, parsed) is { } given)
            {
                foreach (var option in (Option[])[outputWords, output, names])
                {
                    if (parsed.GetResult(option) is { Implicit: false })
                        throw ChainArguments.Usage($"{option.Name} and --contract exclude each other", "leave it out");
                }
                bool hasInput = data.IsGiven(parsed) || parsed.GetValue(callData) is not null || parsed.GetValue(words) is not null;
                var (called, input) = hasInput ? Stored(parsed.GetValue(model)!, parsed.GetValue(callData), parsed.GetValue(words))
                    : (ChainModel.Load(parsed.GetValue(model)!, new ModelOptions { AcceptsEdited = parsed.GetValue(edited) }), null);
                return ContractSimulation.Run(session, given, called, input, options, parsed.GetValue(json));
            }
            var (loaded, stored) = Stored(parsed.GetValue(model)!, parsed.GetValue(callData), parsed.GetValue(words));
            var result = Simulation.Run(loaded, stored!, parsed.GetValue(outputWords), options);
            if (parsed.GetValue(output) is { } target) TextOutput.Write(session, target, ChainWords.Print(result.Output));
            var classNames = ChainArguments.ReadNames(parsed.GetValue(names));
            Answers.Show(
                session, result, ChainAnswer.Of(loaded, result.Output, classNames), classNames, parsed.GetValue(json), preparation);
            return ExitCodes.Ok;

            (Model Model, byte[]? Words) Stored(string path, string? call, string? list)
            {
                if (new[] { call is not null, list is not null, data.IsGiven(parsed) }.Count(given => given) != 1)
                    throw ChainArguments.Usage("there must be one input", "pass --calldata HEX, --words WORDS or --data DATA");
                if (!data.IsGiven(parsed)) data.RefuseBeside(call is null ? "--words" : "--calldata", parsed);
                var notes = session.Notes;
                var reading = new ModelOptions { AcceptsEdited = parsed.GetValue(edited) };
                if (call is not null)
                {
                    byte[] given = Hex.Parse(ChainArguments.Text(session, call), "call data");
                    byte[] words = ChainInput.FromCallData(parsed.GetValue(function)!, given, notes);
                    session.ShowNotes();
                    return (ChainModel.Load(path, reading), words);
                }
                if (list is not null) return (ChainModel.Load(path, reading), ChainWords.Parse(ChainArguments.Text(session, list)));
                var (opened, samples) = ModelData.Open([path], reading, data.Required(parsed), options.Integer, notes)[0];
                preparation = Preparation.Of(samples);
                var input = ChainInput.Read(opened, samples, 0, options);
                notes.AddRange(DataDoubts.Of([(opened, samples)], options.Integer));
                session.ShowNotes();
                return (opened, ChainInput.Words(opened, input));
            }
        });
        return command;
    }
}
