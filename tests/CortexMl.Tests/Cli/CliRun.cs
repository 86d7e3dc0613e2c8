using System.Text;
using CortexMl.Cli;

namespace CortexMl.Tests.Cli;

/// <summary>What one call of the command did.</summary>
internal sealed record CliRun(int Exit, byte[] Bytes, string Error)
{
    public string Output => Encoding.UTF8.GetString(Bytes);

    public static CliRun Of(params string[] args) => With("", args);

    /// <param name="input">Standard input.</param>
    public static CliRun With(string input, params string[] args) => Run(input, isOutputWatched: false, args);

    /// <summary>With a terminal as standard output.</summary>
    public static CliRun Watched(params string[] args) => Run("", isOutputWatched: true, args);

    private static CliRun Run(string input, bool isOutputWatched, string[] args)
    {
        using var output = new MemoryStream();
        using var error = new StringWriter { NewLine = "\n" };
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var terminal = new Terminal(stream, output, error, interactive: false, colors: false, isOutputWatched);
        int exit = CommandLine.Run(args, terminal);
        return new(exit, output.ToArray(), error.ToString());
    }
}
