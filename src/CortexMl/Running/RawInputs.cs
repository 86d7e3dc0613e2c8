using CortexMl.Diagnostics;
using CortexMl.Tensors;
using CortexMl.Text;

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
