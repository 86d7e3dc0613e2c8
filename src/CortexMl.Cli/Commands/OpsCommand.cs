using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
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
          cortexml ops --frontend onnx Resize
          cortexml ops --export onnx-integer
        """;

    public static Command Create(Session session)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "An operator: nn.conv2d, cvm.conv2d, or with --frontend the model format's own name",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var frontend = new Option<string?>("--frontend") { HelpName = "FORMAT", Description = "What is imported from this format: mxnet or onnx" }.From("mxnet", "onnx");
        var export = new Option<string?>("--export")
        {
            HelpName = "FORMAT", Description = "The CVM's operators, and what they become in print --format onnx-integer",
        }.From("onnx-integer");
        var command = new TaughtCommand("ops", Description) { name, frontend, export };
        command.SetAction(parsed =>
        {
            bool isExport = parsed.GetValue(export) is not null;
            if (isExport && (parsed.GetValue(name) ?? parsed.GetValue(frontend)) is not null)
                throw new DiagnosticException(CliCodes.Usage, "--export lists all operators, of no --frontend",
                    hint: "leave the others out");
            session.Terminal.Write(isExport ? OpsText.List(ExactExporter.Forms) : Text(parsed.GetValue(name), parsed.GetValue(frontend)));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Text(string? name, string? frontend)
    {
        if (name is null)
        {
            return frontend switch
            {
                "mxnet" => OpsText.List(MxNetOps.Rows),
                "onnx" => OpsText.List(OnnxOps.Rows),
                _ => OpsText.List(OpTable.Rows),
            };
        }
        string? text = frontend switch
        {
            "mxnet" => MxNetOps.Find(name) is { } row ? OpsText.Describe(row) : null,
            "onnx" => OnnxOps.Find(name) is { } row ? OpsText.Describe(row) : null,
            _ => (OpTable.Find(name) ?? OpTable.FindCvm(name)) is { } row ? OpsText.Describe(row) : null,
        };
        if (text is not null) return text;
        IEnumerable<string> known = frontend switch
        {
            "mxnet" => MxNetOps.Rows.SelectMany(r => r.Names),
            "onnx" => OnnxOps.Rows.Select(r => r.Name),
            _ => OpTable.Rows.SelectMany(r => (string[])[r.Name, r.CvmName ?? r.Name]),
        };
        throw new DiagnosticException(DiagnosticCodes.UnknownOperator, $"there is no operator '{name}'",
            hint: Nearest.Hint(name, known, $"'cortexml ops{(frontend is null ? "" : $" --frontend {frontend}")}' lists them"));
    }
}
