using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Splitting;

namespace CortexMl.Running;

/// <summary>Says of what is shown how it comes from the model's outputs, where that is not plain.</summary>
public static class OutputNotes
{
    private const double CoarsestStep = 0.125;

    /// <summary>Classes are those of one output, the first.</summary>
    public static void AboutClasses(Model model, DiagnosticBag notes)
    {
        if (model.Outputs.Count < 2) return;
        notes.Note(LibraryCodes.SeveralOutputs,
            $"classes are those of '{model.Outputs[0].Name}', the first of {Counted.Of(model.Outputs.Count, "output")} of '{model.Name}'",
            hint: "cortexml run -o FILE.npz writes all of them");
    }

    /// <summary>Half a step of the logits is what a softmax of them is wrong by, as a part of each probability.</summary>
    public static void AboutCoarseLogits(ModelIo io, DiagnosticBag notes)
    {
        foreach (var port in io.Outputs.Where(o => o.LastStep is not null && 1 / o.Scale > CoarsestStep))
        {
            string steps = (1 / port.Scale).ToString("G3", CultureInfo.InvariantCulture);
            notes.Warning(LibraryCodes.CoarseLogits,
                $"output '{port.Name}' holds logits in steps of {steps}: {port.LastStep!.Op} of them is not what the network returns",
                hint: "its scores go beyond what a softmax tells apart: a mask of -100 does what a huge one does; or give outputs more bits");
        }
    }

    /// <summary>Outputs are something else than in the network, or are made into that.</summary>
    public static void AboutLastSteps(Model model, bool raw, DiagnosticBag notes)
    {
        if (model.Tail is not null)
            notes.Note(LibraryCodes.LastStep, $"what the network returns is computed by {ModelSplit.FileName}, in float, of the model's "
                + Listing.Of([.. model.OwnOutputs.Select(o => o.Name)]), hint: "--raw leaves the model's own numbers");
        foreach (var port in model.Outputs.Where(o => o.LastStep is not null))
        {
            notes.Note(LibraryCodes.LastStep, raw
                ? $"output '{port.Name}' is left as {port.Is}: {port.LastStep} would make it what the network returns"
                : $"output '{port.Name}' is what the network returns: {port.LastStep}, in float, of the model's {port.Is}",
                hint: raw ? null : "--raw leaves the model's own numbers");
        }
    }
}
