using System.Text;
using CortexMl.Cli;

namespace CortexMl.Tests.CommandLines;

/// <summary>What one call of the command did.</summary>
internal sealed record CliRun(int Exit, byte[] Bytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    public static CliRun Of(params string[] args) => With("", args);

    /// <param name="input">Standard input.</param>
    public static CliRun With(string input, params string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        int exit = CommandLine.Run(args, new Terminal(new MemoryStream(Encoding.UTF8.GetBytes(input)), output, error, interactive: false, colors: false));
        return new(exit, output.ToArray(), error.ToString());
    }
}
