using System.CommandLine;
using System.Globalization;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Reports;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain decode</c>: the values in the bytes of a call or of an answer.</summary>
internal static class DecodeCommand
{
    private const string Description = """
        Decode the bytes of a call, or with --returns those that a function returned.

        A wrong selector, numbers out of range, dirty padding and offsets beyond the data are refused. What contracts accept in a call and no
        encoder writes (values with gaps or in another order, bytes left over) is a warning; in an answer it is refused.

        Examples:
          cortexml chain decode 'SetInput(uint256[])' call.hex
          cortexml chain decode 'currentInferResult() returns (uint256)' 0x0000000000000000000000000000000000000000000000000000000000000007 --returns
        """;

    /// <summary>One decoded value; integers are decimal texts.</summary>
    private sealed record Decoded(string Type, System.Text.Json.Nodes.JsonNode Value);

    public static Command Create(Session session)
    {
        var signature = new Argument<string>("SIGNATURE") { Description = "For example 'SetInput(uint256[])'; without a name no selector is expected" };
        var data = new Argument<string>("HEX") { Description = "0x…, a file with digits, - for standard input" };
        var returns = new Option<bool>("--returns") { Description = "The bytes are what the function returned; its types stand behind 'returns'" };
        var json = CommonOptions.Json();
        var command = new TaughtCommand("decode", Description) { signature, data, returns, json };
        command.SetAction(parsed =>
        {
            var function = FunctionSignature.Parse(parsed.GetValue(signature)!);
            byte[] bytes = Hex.Parse(ChainArguments.Text(session, parsed.GetValue(data)!), "data");
            bool isAnswer = parsed.GetValue(returns);
            var types = isAnswer ? function.Outputs : function.Inputs;
            var notes = session.Notes;
            var values = isAnswer || function.Name.Length == 0 ? AbiCodec.Decode(types, bytes) : CallData.Decode(function, bytes, notes);
            session.ShowNotes();
            var decoded = values.Select((value, i) => new Decoded(types[i].Name, AbiJson.Write(value, types[i]))).ToList();
            session.Terminal.Write(parsed.GetValue(json) ? JsonText.Write(new { Function = function.Canonical, Selector = Hex.Of(function.Selector), Values = decoded })
                : string.Concat(decoded.Select((d, i) => string.Create(CultureInfo.InvariantCulture, $"{i} {d.Type} {d.Value.ToJsonString()}\n"))));
            return ExitCodes.Ok;
        });
        return command;
    }
}
