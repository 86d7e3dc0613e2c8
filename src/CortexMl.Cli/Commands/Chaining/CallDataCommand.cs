using System.CommandLine;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
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

        Examples:
          cortexml chain calldata 'Infer()'
          cortexml chain calldata 'transfer(address,uint256)' 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 1000
          cortexml chain input package digit.png | cortexml chain calldata 'SetInput(uint256[])' -
        """;

    public static Command Create(Session session)
    {
        var signature = new Argument<string>("SIGNATURE") { Description = "For example 'SetInput(uint256[])'; without a name no selector is written" };
        var values = new Argument<string[]>("VALUE") { Description = "One for each parameter", Arity = ArgumentArity.ZeroOrMore };
        var output = ChainArguments.Output("the call");
        var command = new TaughtCommand("calldata", Description) { signature, values, output };
        command.SetAction(parsed =>
        {
            var function = FunctionSignature.Parse(parsed.GetValue(signature)!);
            string[] given = parsed.GetValue(values)!;
            if (given.Length != function.Inputs.Count)
                throw ChainArguments.Usage($"{function.Canonical} takes {Counted.Of(function.Inputs.Count, "value")}; {given.Length} {(given.Length == 1 ? "is" : "are")} given", "put lists into quotes: '[1, 2]'");
            if (given.Count(v => v == TextOutput.Standard) > 1) throw ChainArguments.Usage("two values are -", "only one can be read from standard input");
            var read = given.Select((text, i) => AbiJson.ReadArgument(text == TextOutput.Standard ? session.Terminal.ReadInput().TrimEnd('\r', '\n') : text, function.Inputs[i])).ToList();
            byte[] call = function.Name.Length == 0 ? AbiCodec.Encode(function.Inputs, read) : CallData.Encode(function, read);
            TextOutput.Write(session, parsed.GetValue(output)!, Hex.Of(call) + "\n");
            return ExitCodes.Ok;
        });
        return command;
    }
}
