using System.CommandLine;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Loading;
using CortexMl.Tensors;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Options that say how a model is read.</summary>
internal sealed class ModelArguments
{
    private readonly Option<string?> _params = new("--params")
    {
        HelpName = "FILE", Description = "Parameters of an MXNet symbol; found beside it where left out (x-0000.params, x.params)",
    };

    private readonly Option<long?> _random = new("--random-params")
    {
        HelpName = "SEED",
        Description = "Make up parameters that no file supplies, from a seed; an input without a shape is then an image, 1,3,224,224",
    };

    private readonly Option<string[]> _inputs = new("--input")
    {
        HelpName = "NAME=1,3,32,32",
        Description = "Shape of an input, batch 1; where neither this nor the model says it, it is that of the data",
        AllowMultipleArgumentsPerToken = false, DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _bindings = new("--bind")
    {
        HelpName = "NAME=VALUE", Description = "Fix an input of an ONNX model to a number, or to the tensor of a file (.npy or .pb)",
        AllowMultipleArgumentsPerToken = false, DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _memory = new("--max-memory")
    {
        HelpName = "SIZE", Description = "Refuse models whose constants and values take more: 500MB, 2GiB, or bytes",
        DefaultValueFactory = _ => "8GiB",
    };

    private readonly Option<bool> _edited = CommonOptions.AcceptEdited();

    public ModelArguments(Command command)
    {
        foreach (Option option in (Option[])[_params, _random, _inputs, _bindings, _memory, _edited]) command.Options.Add(option);
    }

    public ModelOptions Read(ParseResult parsed) => new()
    {
        Params = parsed.GetValue(_params),
        RandomParamsSeed = parsed.GetValue(_random),
        InputShapes = parsed.GetValue(_inputs)!.Select(Input).GroupBy(i => i.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last().Shape, StringComparer.Ordinal),
        Bindings = parsed.GetValue(_bindings)!.Select(Binding).GroupBy(b => b.Name, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Last().File, StringComparer.Ordinal),
        MaxMemory = ByteSizes.Parse(parsed.GetValue(_memory)!, "--max-memory"),
        AcceptsEdited = parsed.GetValue(_edited),
    };

    /// <summary>What can be said about models before they are read.</summary>
    /// <param name="paths">Of the models.</param>
    public IEnumerable<Action> Checks(ParseResult parsed, params IEnumerable<string> paths)
    {
        foreach (string path in paths.Where(p => p != TextOutput.Standard)) yield return () => ModelLoader.CheckThere(path);
        yield return () => Read(parsed);
        if (parsed.GetValue(_params) is { } file) yield return () => InputFile.Check(file);
    }

    private static (string Name, string File) Binding(string text)
    {
        int at = text.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? (text[..at], text[(at + 1)..])
            : throw new DiagnosticException(CliCodes.Usage, $"--bind {text} names no input",
                hint: "write --bind rate=16000 or --bind weight=weight.npy");
    }

    private static (string Name, Shape Shape) Input(string text)
    {
        int at = text.LastIndexOf('=');
        return at > 0 ? (text[..at], Shapes.Parse(text[(at + 1)..], "--input"))
            : throw new DiagnosticException(CliCodes.Usage, $"--input {text} names no input", hint: "write --input data=1,3,32,32");
    }
}
