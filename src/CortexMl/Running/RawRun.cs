using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>Raw inputs given one by one: the bytes of each input of a model that packs several, put together in their order.</summary>
public static class RawInputs
{
    /// <param name="parts">Bytes by input name; elements as wide as the model's single input has them.</param>
    /// <returns>What <see cref="RawRun"/> takes.</returns>
    /// <exception cref="DiagnosticException">
    /// CML0938: names that the model does not have, inputs that are missing, parts of another length; all at once.
    /// </exception>
    public static byte[] Join(Model model, IReadOnlyDictionary<string, byte[]> parts)
    {
        var problems = new DiagnosticBag();
        int width = model.Cvm?.InputTypeSize ?? 1;
        foreach (string name in parts.Keys.Where(name => model.Inputs.All(i => i.Name != name)))
            problems.Error(LibraryCodes.RawInput, $"'{model.Name}' has no input '{name}'",
                hint: $"inputs: {string.Join(", ", model.Inputs.Select(i => i.Name))}");
        foreach (var (name, shape) in model.Inputs) Check(name, shape, width, parts.GetValueOrDefault(name), problems);
        problems.ThrowIfErrors();
        return [.. model.Inputs.SelectMany(input => parts[input.Name])];
    }

    private static void Check(string name, Shape shape, int width, byte[]? bytes, DiagnosticBag problems)
    {
        long wanted = shape.Count * width;
        if (bytes is null)
            problems.Error(LibraryCodes.RawInput, $"input '{name}' is missing",
                hint: $"pass --raw-input {name}=FILE, or one file with all inputs in order");
        else if (bytes.Length != wanted)
            problems.Error(LibraryCodes.RawInput,
                $"input '{name}' {shape} takes {Counted.Of(wanted, "byte")}, {Numbers.Format(width)} an element; "
                + $"{Counted.Of(bytes.Length, "is", "are")} given");
    }
}

/// <summary>Runs a CVM model on the bytes of the chain's interface (CortexMl.Cvm/SPECIFICATION.md §9).</summary>
public static class RawRun
{
    /// <param name="bigEndian">Words of 4 bytes in the chain's order, and a longer input is cut.</param>
    /// <exception cref="DiagnosticException">
    /// CML0924 no CVM model; CML044x, class logic: the input or the model's heads do not do.
    /// </exception>
    /// <exception cref="OperationCanceledException">By <see cref="RunOptions.Cancellation"/>.</exception>
    public static byte[] Run(EngineChoice choice, byte[] input, bool bigEndian)
    {
        var cvm = choice.Model.Cvm ?? throw new DiagnosticException(LibraryCodes.WrongLevel,
            $"'{choice.Model.Name}' is no folder with symbol and params", hint: "compile it first, or pass --data");
        var tensor = bigEndian ? InputConversion.FromChainBytes(cvm, input) : InputConversion.FromBytes(cvm, input);
        using var executable = choice.Prepare(choice.Options.Workers);
        return OutputConversion.ToBytes(cvm, executable.Run([tensor]), bigEndian);
    }
}
