using System.CommandLine;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain calldata</c>: the bytes of a call.</summary>
internal static class CallDataCommand
{
    private const string Description = """
        Encode the call of a function: its selector, then the values in Ethereum's contract ABI.

        Numbers are decimal or 0x…, bytes and addresses 0x…, arrays and tuples JSON lists. One value may be -: it is read
        from standard input. Types: uint8 to uint256, int8 to int256, address, bool, bytes1 to bytes32, bytes, string,
        T[], T[3], (T1,T2).

        With --abi the function's name is enough, or its full signature where the name is overloaded, and tuples may be JSON objects; for
        'constructor' the values alone are written, as they follow the contract's code.

        Examples:
          cortexml chain calldata 'Infer()'
          cortexml chain calldata 'transfer(address,uint256)' 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 1000
          cortexml chain calldata --abi Token.json transfer 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 1000
          cortexml chain calldata --abi Market.json place '{"maker": "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", "amounts": [1, 2]}'
          cortexml chain input package digit.png | cortexml chain calldata 'SetInput(uint256[])' -
        """;

    public static Command Create(Session session)
    {
        var signature = new Argument<string>("SIGNATURE")
        {
            Description = "For example 'SetInput(uint256[])'; without a name no selector is written; with --abi a name",
        };
        var values = new Argument<string[]>("VALUE") { Description = "One for each parameter", Arity = ArgumentArity.ZeroOrMore };
        var abi = ChainArguments.Abi();
        var output = ChainArguments.Output("the call");
        var command = new TaughtCommand("calldata", Description) { signature, values, abi, output };
        command.SetAction(parsed =>
        {
            var entry = ChainArguments.ReadAbi(session, parsed.GetValue(abi))?.Function(parsed.GetValue(signature)!);
            var function = entry?.Signature ?? FunctionSignature.Parse(parsed.GetValue(signature)!);
            string[] given = parsed.GetValue(values)!;
            if (given.Length != function.Inputs.Count)
                throw ChainArguments.Usage(
                    $"{function.Canonical} takes {Counted.Of(function.Inputs.Count, "value")}; {given.Length} {(given.Length == 1 ? "is" : "are")} given", "put lists into quotes: '[1, 2]'");
            if (given.Count(v => v == TextOutput.Standard) > 1)
                throw ChainArguments.Usage("two values are -", "only one can be read from standard input");
            var read = given.Select((text, i) =>
                AbiJson.ReadArgument(
                text == TextOutput.Standard ? session.Terminal.ReadInput().TrimEnd('\r', '\n') : text, function.Inputs[i])).ToList();
            bool isBare = function.Name.Length == 0 || entry?.Kind == EntryKind.Constructor;
            byte[] call = isBare ? AbiCodec.Encode(function.Inputs, read) : CallData.Encode(function, read);
            TextOutput.Write(session, parsed.GetValue(output)!, Hex.Of(call) + "\n");
            return ExitCodes.Ok;
        });
        return command;
    }
}
