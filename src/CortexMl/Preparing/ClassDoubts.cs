using System.Globalization;
using CortexMl.Data;
using CortexMl.Data.Classes;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;

namespace CortexMl.Preparing;

/// <summary>
/// What the labels of data are, and what makes one doubt that they are the network's classes; asked before anything runs.
/// </summary>
public static class ClassDoubts
{
    /// <summary>Told of samples that models are measured on.</summary>
    /// <param name="needsLabels">Whether there is nothing to say without labels.</param>
    /// <exception cref="DiagnosticException">CML0927: a label beyond the network's classes.</exception>
    public static void Tell(IReadOnlyList<(Model Model, ISampleSource Samples)> runs, DiagnosticBag notes, bool needsLabels)
    {
        if (runs[0].Samples is not SampleSource samples) return;
        TellOfLabels(samples, notes);
        var labels = samples.Labels.Take(samples.Count).ToList();
        int missing = labels.Count(l => l is null);
        if (missing > 0 && (needsLabels || missing < labels.Count))
        {
            string some = missing == labels.Count ? "there are no labels"
                : Counted.Part(missing, labels.Count, "sample", "has", "have") + " no label";
            notes.Warning(DataCodes.OddLabels, $"{some}: accuracy is not measured", Place(samples),
                "pass --labels FILE, or a folder with a sub-folder for each class");
        }
        var errors = new DiagnosticBag();
        foreach (var (model, _) in runs) Check(model, samples, labels, notes, errors);
        errors.ThrowIfErrors();
    }

    /// <summary>How labels are known, and whether there are as many as samples.</summary>
    internal static void TellOfLabels(SampleSource samples, DiagnosticBag notes)
    {
        if (samples.Folders is { } folders) notes.Add(folders.Told());
        CheckCount(samples, notes);
    }

    private static void CheckCount(SampleSource samples, DiagnosticBag notes)
    {
        if (samples.LabelCount is not { } count || count == samples.Total) return;
        notes.Warning(DataCodes.OddLabels,
            $"{Counted.There(count, "label")} for {Counted.Of(samples.Total, "sample")}: the labels may be those of other data",
            Place(samples), "labels belong to the samples in the same order; check that both are of the same set");
    }

    private static void Check(Model model, SampleSource samples, IReadOnlyList<int?> labels, DiagnosticBag notes, DiagnosticBag errors)
    {
        int classes = model.Outputs[0].Shape.Aggregate(1, (all, dim) => all * dim);
        int beyond = labels.Count(l => l >= classes);
        if (beyond > 0)
        {
            int first = Enumerable.Range(0, labels.Count).First(i => labels[i] >= classes);
            bool fromOne = labels.Min() == 1 && labels.Max() == classes;
            string known = $"{Counted.Of(classes, "class", "classes")} (0 to {classes - 1})";
            string shown = string.Create(CultureInfo.InvariantCulture,
                $"sample {first} has label {labels[first]}, but '{model.Name}' has {known}; so {beyond} of {labels.Count}");
            errors.Error(LibraryCodes.Labels, shown, Place(samples), fromOne ? "the labels count from 1: make them count from 0"
                : samples.Folders is { Rule: ClassRule.Rank }
                    ? "say which class a folder is: --classes FILE"
                    : "check --labels, and that the data are this network's");
        }
        if (samples.Folders is { } folders && folders.Classes.Count != classes)
            notes.Warning(DataCodes.OddLabels,
                $"{Counted.There(folders.Classes.Count, "folder")} of images, "
                + $"but '{model.Name}' has {Counted.Of(classes, "class", "classes")}",
                Place(samples),
                folders.Rule == ClassRule.Rank ? "where one is missing, all behind it are other classes: pass --classes FILE"
                    : "classes without images are not measured");
        if (samples.ClassNames is { } list && list.Count != classes)
            notes.Warning(DataCodes.Classes,
                $"'{list.Source}' names {Counted.Of(list.Count, "class", "classes")}, but '{model.Name}' has {classes}: "
                + "it may be the list of another network", Place(samples), "pass the network's own list: --classes FILE");
    }

    private static SourceLocation Place(SampleSource samples) => new(samples.Description);
}
