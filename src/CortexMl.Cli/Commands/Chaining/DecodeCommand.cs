using System.CommandLine;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain decode</c>: the values in the bytes of a call, of an answer, of a log or of a revert.</summary>
internal static class DecodeCommand
{
    private const string Description = """
        Decode the bytes of a call, with --returns those that a function returned, with --log an event's log, with --revert an error.

        With --abi the function, event or error is found by its selector or first topic, and values have names; name it to make sure, for an
        anonymous event, and with --returns. --revert also knows Error(string) and Panic(uint256), without --abi those alone. Of an indexed
        value that does not fit a word (string, bytes, arrays, tuples) a log only holds the Keccak-256.

        A wrong selector, numbers out of range, dirty padding and offsets beyond the data are refused. What contracts accept in a call and no
        encoder writes (values with gaps or in another order, bytes left over) is a warning; in an answer it is refused.

        Examples:
          cortexml chain decode 'SetInput(uint256[])' call.hex
          cortexml chain decode 'currentInferResult() returns (uint256)' 0x0000000000000000000000000000000000000000000000000000000000000007 --returns
          cortexml chain decode --abi Token.json call.hex
          cortexml chain decode --abi Token.json balanceOf 0x0000000000000000000000000000000000000000000000000000000000000007 --returns
          cortexml chain decode --abi Token.json --log log.json
          cortexml chain decode --abi Token.json --topic 0xddf252ad… --topic 0x…01 --topic 0x…02 0x…03e8
          cortexml chain decode --revert 0x4e487b710000000000000000000000000000000000000000000000000000000000000011
        """;

    public static Command Create(Session session)
    {
        var signature = new Argument<string>("SIGNATURE")
        {
            Description = "For example 'SetInput(uint256[])'; without a name no selector is expected; with --abi a name, or left out",
        };
        var data = new Argument<string?>("HEX")
        {
            Description = "0x…, a file with digits, - for standard input; with --log JSON with 'topics' and 'data'",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var abi = ChainArguments.Abi();
        var returns =
            new Option<bool>("--returns") { Description = "The bytes are what the function returned; its types stand behind 'returns'" };
        var log = new Option<bool>("--log") { Description = "A log as nodes give it, with --abi" };
        var topics = new Option<string[]>("--topic") { HelpName = "WORD", Description = "A topic of a log whose data is HEX, in order" };
        var revert = new Option<bool>("--revert") { Description = "The bytes are what a call that failed returned" };
        var json = CommonOptions.Json();
        var command = new TaughtCommand("decode", Description) { signature, data, abi, returns, log, topics, revert, json };
        command.SetAction(parsed =>
        {
            string? name = parsed.GetValue(signature), given = parsed.GetValue(data);
            if (given is null) (name, given) = (null, name!);
            string[] words = parsed.GetValue(topics) ?? [];
            bool isLog = parsed.GetValue(log) || words.Length > 0, isRevert = parsed.GetValue(revert), isAnswer = parsed.GetValue(returns);
            if (new[] { parsed.GetValue(log), words.Length > 0, isRevert, isAnswer }.Count(set => set) > 1)
                throw ChainArguments.Usage("--returns, --log, --topic and --revert exclude one another", "say what the bytes are");
            var contract = ChainArguments.ReadAbi(session, parsed.GetValue(abi));
            if (isLog && contract is null) throw ChainArguments.Usage("a log needs --abi", "the ABI says which parameters are indexed");
            if (name is null && isAnswer)
                throw ChainArguments.Usage("--returns needs the function", "the bytes do not say which function returned them");
            if (name is null && !isRevert && contract is null)
            {
                throw ChainArguments.Usage("the function's signature or the bytes are missing",
                    "write cortexml chain decode 'f(uint256)' 0x…, or pass --abi FILE");
            }
            string text = ChainArguments.Text(session, given);
            var decoded = isLog ? OfLog(session, contract!, name, words.Length > 0 ? EventLog.Of(words, Bytes(text)) : EventLog.Parse(text))
                : isRevert ? OfRevert(session, contract ?? RevertData.Standard, name, Bytes(text))
                : contract is null ? OfFunction(session, FunctionSignature.Parse(name!), Bytes(text), isAnswer)
                : OfContract(session, name is null ? contract.Called(Bytes(text)) : contract.Function(name), Bytes(text), isAnswer);
            session.ShowNotes();
            session.Terminal.Write(parsed.GetValue(json) ? FileSchemas.Write(decoded) : decoded.Lines(contract is not null || isRevert));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static byte[] Bytes(string text) => Hex.Parse(text, "data");

    private static DecodedData OfFunction(Session session, FunctionSignature function, byte[] data, bool isAnswer)
    {
        var types = isAnswer ? function.Outputs : function.Inputs;
        var values = isAnswer || function.Name.Length == 0 ? AbiCodec.Decode(types, data) : CallData.Decode(function, data, session.Notes);
        return new()
        {
            Function = function.Canonical,
            Selector = Hex.Of(function.Selector),
            Values = [.. values.Select((value, i) => DecodedValue.Of(types[i], value))],
        };
    }

    private static DecodedData OfContract(Session session, ContractEntry entry, byte[] data, bool isAnswer)
    {
        bool isConstructor = entry.Kind == EntryKind.Constructor;
        var values = isAnswer ? AbiCodec.Decode(entry.Signature.Outputs, data)
            : isConstructor ? AbiCodec.Decode(entry.Signature.Inputs, data, session.Notes)
            : CallData.Decode(entry.Signature, data, session.Notes);
        var parameters = isAnswer ? entry.Outputs : entry.Inputs;
        return new()
        {
            Function = entry.Signature.Canonical,
            Selector = isConstructor ? null : Hex.Of(entry.Signature.Selector),
            Values = [.. values.Select((value, i) => DecodedValue.Of(parameters[i], value))],
        };
    }

    private static DecodedData OfLog(Session session, ContractAbi contract, string? name, EventLog log)
    {
        var entry = name is null ? contract.Logged(log) : contract.Event(name);
        return new()
        {
            Event = entry.Signature.Canonical,
            Topic0 = entry.IsAnonymous ? null : Hex.Of(entry.Signature.Hash),
            Values = [.. log.Decode(entry, session.Notes).Select(DecodedValue.Of)],
        };
    }

    private static DecodedData OfRevert(Session session, ContractAbi contract, string? name, byte[] data)
    {
        var entry = name is null ? contract.Reverted(data) : contract.Error(name);
        var values = CallData.Decode(entry.Signature, data, session.Notes);
        return new()
        {
            Error = entry.Signature.Canonical,
            Selector = Hex.Of(entry.Signature.Selector),
            Values = [.. values.Select((value, i) => DecodedValue.Of(entry.Inputs[i], value))],
            Meaning = RevertData.Meaning(entry, values),
        };
    }
}
