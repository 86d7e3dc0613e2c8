using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain</c>: from a compiled model to calls on the chain, offline.</summary>
internal static class ChainCommand
{
    private const string Description = """
        Package a compiled model for the chain, write its contract, and prepare, try and read calls.

        Nothing is sent anywhere: every command reads and writes files.

        Examples, in the order in which they are used:
          cortexml chain pack out -o package
          cortexml chain contract package -o DigitRecognition.sol --name DigitRecognition
          cortexml chain input package digit.png --format calldata -o call.hex
          cortexml chain simulate package --calldata call.hex
          cortexml chain simulate package --contract DigitRecognition.sol --data digit.png
        """;

    public static Command Create(Session session) => new TaughtCommand("chain", Description)
    {
        PackCommand.Create(session), MetaCommand.Create(session), InputCommand.Create(session), OutputCommand.Create(session),
        CallDataCommand.Create(session),
        DecodeCommand.Create(session), ContractCommand.Create(session), SimulateCommand.Create(session),
    };
}
