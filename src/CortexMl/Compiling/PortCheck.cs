using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Compiling;

/// <summary>Whether inputs and outputs of a network are some that a model of the CVM can have.</summary>
internal static class PortCheck
{
    /// <exception cref="DiagnosticException">CML0947: all that have no elements.</exception>
    public static void Elements(Model model)
    {
        var found = new DiagnosticBag();
        var outputs = model.Outputs.Select(o => ($"output '{o.Name}'", Shape.Of(o.Shape)));
        foreach (var (what, shape) in model.Inputs.Select(i => ($"input '{i.Name}'", i.Shape)).Concat(outputs)
            .Where(port => port.Item2.Count == 0))
            found.Error(LibraryCodes.NoElements, $"{what} {shape} has no elements: no model of the CVM can have that",
                hint: "leave it out of the network");
        found.ThrowIfErrors();
    }
}
