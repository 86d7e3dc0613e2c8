using System.Globalization;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Cli.Presentation;

/// <summary>What a calibration found, and what to do with it, in a few lines.</summary>
internal static class CalibrationSummary
{
    /// <param name="text">Of the calibration file.</param>
    /// <param name="target">Where it was written.</param>
    public static string Of(string text, string model, string target)
    {
        var file = new CalibrationReader(InputFile.DisplayName(target)).Read(text);
        var values = file.Values.Where(v => v.Threshold > 0).ToList();
        string found = $"{Counted.Of(file.Values.Count, "threshold")} by {file.Method} on {file.Data}";
        if (values.Count > 0)
        {
            var (least, most) = (values.MinBy(v => v.Threshold)!, values.MaxBy(v => v.Threshold)!);
            found += $": from {Named(least)} to {Named(most)}";
        }
        if (file.Values.Count - values.Count is > 0 and int dead) found += $"; {Counted.Of(dead, "value is", "values are")} always 0";
        int cut = values.Count(v => v.Seen is { } seen && v.Threshold < Math.Max(Math.Abs(seen.Min), Math.Abs(seen.Max)));
        if (cut > 0) found += $"; {Counted.Of(cut, "cuts", "cut")} extremes off";
        string next = target == TextOutput.Standard ? "" : $"next: cortexml compile {model} -o out --calibration {target}\n";
        return Printable.Lines($"{found}\n{next}");
    }

    private static string Named(CalibratedValue value) =>
        string.Create(CultureInfo.InvariantCulture, $"{value.Threshold:G4} (%{value.Name})");
}
