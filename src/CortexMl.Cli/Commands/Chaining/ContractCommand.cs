using System.CommandLine;
using CortexMl.Chaining;
using CortexMl.Cli.Commands.Arguments;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain contract</c>: a contract that calls the model.</summary>
internal static class ContractCommand
{
    private const string Description = """
        Write a Solidity contract (^0.4.22) that calls the model and decodes what it returns.

        It stores an input (SetInput), runs the model on it (Infer) or on an account of input data (InferAccount), and keeps
        the class (currentInferResult) and the scores. Where the model was calibrated on pixels, SetPixels takes an image and
        makes of it the integers that model.io.json says. Only Cortex's compiler knows infer and inferArray.

        Examples:
          cortexml chain contract package
          cortexml chain contract package -o DigitRecognition.sol --name DigitRecognition
        """;

    public static Command Create(Session session)
    {
        var model = ChainArguments.Model();
        var name =
            new Option<string>("--name") { HelpName = "NAME", Description = "Of the contract", DefaultValueFactory = _ => "ModelCaller" };
        var output = ChainArguments.Output("the contract");
        var edited = CommonOptions.AcceptEdited();
        var command = new TaughtCommand("contract", Description) { model, name, output, edited };
        command.SetAction(parsed =>
        {
            var reading = new ModelOptions { AcceptsEdited = parsed.GetValue(edited) };
            TextOutput.Write(
                session, parsed.GetValue(output)!, ContractFile.Write(parsed.GetValue(model)!, parsed.GetValue(name)!, reading));
            return ExitCodes.Ok;
        });
        return command;
    }
}
