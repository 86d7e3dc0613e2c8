using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Commands.RunFiles;

/// <summary><c>cortexml schema</c>: what may stand in a file.</summary>
internal static class SchemaCommand
{
    private const string Description = """
        Print the JSON schema of a file or of what --json writes, for editors and for programs that read it; without a name, list them.

        The number in a schema's name is the version of the form: "format" in what has it, "$schema" in a run file. Members that are
        null are left out. A trace of passes (--trace) is of a form that browsers define.

        Example:
          cortexml schema run > cortexml-run-1.schema.json
        """;

    public static Command Create(Session session)
    {
        var name = new Argument<string?>("NAME") { Description = "What it is the schema of", Arity = ArgumentArity.ZeroOrOne };
        var command = new TaughtCommand("schema", Description) { name };
        command.SetAction(parsed =>
        {
            session.Terminal.Write(parsed.GetValue(name) is { } wanted ? Find(wanted).Make(CompileCommand.Create(session))
                : OpsText.Columns(FileSchemas.All.Select(schema => (schema.Name, schema.What))));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <exception cref="DiagnosticException">CML0940: there is none of that name.</exception>
    private static FileSchema Find(string name) => FileSchemas.All.FirstOrDefault(schema => schema.Name == name)
        ?? throw new DiagnosticException(CliCodes.Usage, $"there is no schema '{Printable.Name(name)}'",
            hint: Nearest.Hint(name, FileSchemas.All.Select(s => s.Name), "'cortexml schema' lists them"));
}
