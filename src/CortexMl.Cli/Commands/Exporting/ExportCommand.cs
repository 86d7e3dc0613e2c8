using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;

namespace CortexMl.Cli.Commands.Exporting;

/// <summary><c>cortexml export</c>: a compiled model where there is no CortexMl.</summary>
internal static class ExportCommand
{
    private const string Description = """
        Write a compiled model for a place where there is no cortexml, with the same integers.

        web is a page that computes it in a browser. As one file of ONNX: cortexml print DIR --format onnx-integer.

        Example:
          cortexml export web out -o page
        """;

    public static Command Create(Session session) => new TaughtCommand("export", Description) { WebCommand.Create(session) };
}
