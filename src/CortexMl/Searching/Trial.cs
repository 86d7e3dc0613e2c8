using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Running;

namespace CortexMl.Searching;

/// <summary>One compilation that a search asks for.</summary>
/// <param name="Name">Tells it from the others of its search: <c>choices-5</c>, or <c>decibels-2</c>, the second.</param>
/// <param name="Decibels">Asked of choose-widths.</param>
/// <param name="Choices">So many of its choices; null for all.</param>
/// <param name="Base">Name of the trial that calibrated for it; null for one that calibrates itself.</param>
public sealed record Trial(string Name, double Decibels, int? Choices, string? Base)
{
    /// <param name="options">Of the whole search.</param>
    /// <param name="found">What <see cref="Base"/> found; null where it has none.</param>
    internal CompileOptions Of(CompileOptions options, TrialRecord? found, ModelRun? floatRun = null)
    {
        var own = options with
        {
            MinDecibels = Decibels,
            WantedDecibels = options.MinDecibels,
            Choices = Choices,
            IsStrict = false,
            FloatRun = floatRun,
        };
        return found?.Calibration is not { } text || own.Calibration is not null ? own : own with
        {
            Measured = new CalibrationReader("").Read(text),
            Drawn = found.Drawn is { } drawn ? SampleDraw.InOrder(drawn) : null,
        };
    }
}

/// <summary>What a trial came to, all of it.</summary>
internal sealed record MadeTrial(CompileResult Result, DiagnosticBag Found)
{
    /// <param name="compile">With a bag that gets what is found.</param>
    /// <param name="diagnostics">Gets it too where the trial ends in an error: warnings in front of one are told.</param>
    public static MadeTrial Of(Func<DiagnosticBag, CompileResult> compile, DiagnosticBag? diagnostics)
    {
        var found = new DiagnosticBag();
        try
        {
            return new(compile(found), found);
        }
        catch
        {
            diagnostics?.AddRange(found.Items);
            throw;
        }
    }
}

/// <summary>What a search is told of a trial.</summary>
/// <param name="Make">All of it, for the one that is taken.</param>
internal sealed record TrialAnswer(TrialRecord Record, Func<MadeTrial> Make);

/// <summary>Answers a search.</summary>
/// <param name="likely">What may be asked next, the likeliest first; what has no answer yet is found out together.</param>
/// <returns>Null where the answer is not known yet: the search ends, and begins again when it is.</returns>
internal delegate TrialAnswer? AskTrial(Trial trial, IEnumerable<Trial> likely);
