using System.CommandLine;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Words;
using CortexMl.Chaining;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain output</c>: what returned words mean.</summary>
internal static class OutputCommand
{
    private const string Description = """
        Decode the words that a call returned: classes with their scores, best first, or all numbers of other models.

        WORDS are a JSON list of uint256, or their digits one after the other; with --abi the bytes that a function with
        "returns (uint256[])" gave.

        Examples:
          cortexml chain output package 0x000005dc…
          cortexml chain output package words.json --names digits.txt --json
        """;

    public static Command Create(Session session)
    {
        var model = ChainArguments.Model();
        var words = new Argument<string>("WORDS") { Description = "0x…, a list, a file with one of them, - for standard input" };
        var abi = new Option<bool>("--abi") { Description = "The bytes are the ABI encoding of a uint256[]" };
        var names = ChainArguments.Names();
        Option<bool> edited = CommonOptions.AcceptEdited(), json = CommonOptions.Json();
        var command = new TaughtCommand("output", Description) { model, words, abi, names, edited, json };
        command.SetAction(parsed =>
        {
            var loaded = ChainModel.Load(parsed.GetValue(model)!, new ModelOptions { AcceptsEdited = parsed.GetValue(edited) });
            string text = ChainArguments.Text(session, parsed.GetValue(words)!);
            byte[] bytes = parsed.GetValue(abi)
                ? ChainWords.FromValues(
                    (IReadOnlyList<object>)AbiCodec.Decode(FunctionSignature.Parse("(uint256[])").Inputs, Hex.Parse(text, "words"))[0])
                : ChainWords.Parse(text);
            var answer = ChainAnswer.Of(loaded, bytes, ChainArguments.ReadNames(parsed.GetValue(names)));
            Answers.Show(session, answer, ChainArguments.ReadNames(parsed.GetValue(names)), parsed.GetValue(json));
            return ExitCodes.Ok;
        });
        return command;
    }
}
