using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Running;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary><c>--raw-input</c>: one file with the bytes of all inputs, or NAME=FILE for each input.</summary>
internal static class RawInputFiles
{
    /// <exception cref="DiagnosticException">CML0938, CML0940; and those of reading files.</exception>
    public static byte[] Read(Session session, Model model, string[] given)
    {
        if (given is [var whole] && Split(model, whole) is null)
            return whole == TextOutput.Standard ? session.Terminal.ReadBytes() : InputFile.ReadAllBytes(whole);
        var parts = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (string text in given)
        {
            var (name, file) = Split(model, text)
                ?? throw new DiagnosticException(CliCodes.Usage, $"--raw-input {text} names no input",
                    hint: $"one file for all inputs, or NAME=FILE for each of {string.Join(", ", model.Inputs.Select(i => i.Name))}");
            parts[name] = InputFile.ReadAllBytes(file);
        }
        return RawInputs.Join(model, parts);
    }

    /// <summary>Null where the text is a path: it has no =, or what stands before it is the beginning of an existing file's name.</summary>
    private static (string Name, string File)? Split(Model model, string text)
    {
        if (model.Inputs.FirstOrDefault(i => text.StartsWith(i.Name + "=", StringComparison.Ordinal)) is { Name: { } name })
            return (name, text[(name.Length + 1)..]);
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0 && !File.Exists(text) ? (text[..at], text[(at + 1)..]) : null;
    }
}
