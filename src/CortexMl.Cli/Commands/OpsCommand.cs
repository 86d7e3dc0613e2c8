using System.CommandLine;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet;
using CortexMl.Ops;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml ops</c>: the operator table.</summary>
internal static class OpsCommand
{
    private const string Description = """
        List operators, or say everything about one.

        Examples:
          cortexml ops
          cortexml ops cvm.conv2d
          cortexml ops --frontend mxnet
        """;

    public static Command Create(Session session)
    {
        var name = new Argument<string?>("NAME") { Description = "An operator: nn.conv2d, cvm.conv2d, or with --frontend the model format's own name", Arity = ArgumentArity.ZeroOrOne };
        var frontend = new Option<string?>("--frontend") { HelpName = "FORMAT", Description = "What is imported from this format: mxnet" }.From("mxnet");
        var command = new TaughtCommand("ops", Description) { name, frontend };
        command.SetAction(parsed =>
        {
            session.Terminal.Write(Text(parsed.GetValue(name), parsed.GetValue(frontend) is not null));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Text(string? name, bool mxnet)
    {
        if (name is null) return mxnet ? OpsText.List(MxNetOps.Rows) : OpsText.List(OpTable.Rows);
        if (mxnet && MxNetOps.Find(name) is { } imported) return OpsText.Describe(imported);
        if (!mxnet && (OpTable.Find(name) ?? OpTable.FindCvm(name)) is { } row) return OpsText.Describe(row);
        throw new DiagnosticException(DiagnosticCodes.UnknownOperator, $"there is no operator '{name}'", hint: mxnet ? "'cortexml ops --frontend mxnet' lists them" : "'cortexml ops' lists them");
    }
}
