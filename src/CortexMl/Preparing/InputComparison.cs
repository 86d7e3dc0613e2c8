using System.Globalization;
using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Preparing;

/// <summary>The data of one input beside those that it was calibrated on.</summary>
/// <param name="port">The input of the compiled model.</param>
/// <param name="preparation">What is stored with the model, and what was done to the data.</param>
internal sealed class InputComparison(ModelPort port, InputFacts calibrated, InputFacts found, Preparation preparation)
{
    /// <summary>Data of so few numbers may happen to lie close together.</summary>
    private const int Few = 16;

    private const int Several = 8;

    /// <summary>Data that reach over less than this part of what calibration saw waste the levels of the input.</summary>
    private const double FlatPart = 1.0 / 16;

    /// <summary>Rare outliers are no reason for doubt.</summary>
    private const double OutsidePart = 0.005;

    private bool IsOtherType => Kind(found.Type) != Kind(calibrated.Type);

    /// <summary>Flatter than the flattest sample of calibration, as one dark image is not; several that are all dark are.</summary>
    private bool IsFlat =>
        found.Elements >= Few && found.PreparedSpan > 0 && found.PreparedSpan <= calibrated.PreparedSpan * FlatPart
        && (IsOtherType || found.Samples >= Several || found.PreparedSpan < calibrated.LeastSpan / 2);

    /// <summary>Integers of the network's own, as the words of a text are: which of them calibration saw does not matter.</summary>
    private bool IsHeldAsItIs =>
        port is { Scale: 1, Centering: null } && !IsOtherType && Kind(found.Type) != "f"
        && Math.Max(found.PreparedMax, -found.PreparedMin) <= Precisions.Bound(port.Precision);

    private double Outside => found.Outside / (double)Math.Max(1, found.Elements);

    public IEnumerable<Diagnostic> Doubts()
    {
        string both = $"the data are {Described(found)}; input '{port.Name}' was calibrated on {Described(calibrated)}";
        if (IsFlat)
        {
            string levels = $"{Numbers.Format(Levels(found))} of the {Counted.Of(Levels(calibrated), "level")}";
            yield return new(DataCodes.Unlike, Severity.Warning, $"{both}: they use {levels} that it used", Hint: Remedy());
        }
        else if (Outside >= OutsidePart && !IsHeldAsItIs)
        {
            string share = Outside.ToString("P1", CultureInfo.InvariantCulture);
            yield return new(DataCodes.Unlike, Severity.Warning, $"{both}: {share} of the numbers lie far outside", Hint: Remedy());
        }
        else if (IsOtherType)
        {
            bool fits = found.PreparedSpan >= calibrated.PreparedSpan / 2;
            yield return new(DataCodes.Unlike, Severity.Note, both + (fits ? "; the range fits" : ""));
        }
        if (found.Planes is [var channels, _, var last] && calibrated.Planes is [var known, _, _] && channels != known && last == known)
        {
            string shapes = $"samples are {Shape.Of(found.Shape)}; input '{port.Name}' was calibrated on {Shape.Of(calibrated.Shape)}";
            yield return new(DataCodes.Unlike, Severity.Warning, $"{shapes}: the channels are elsewhere",
                Hint: $"say where they are: --layout {(preparation.Said.Layout == DataLayout.Nhwc ? "nchw" : "nhwc")}");
        }
    }

    /// <summary>Four or more digits are nobody's need here.</summary>
    public static string Number(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    private static string Described(InputFacts facts)
    {
        string raw = $"{facts.Type} from {Number(facts.Min)} to {Number(facts.Max)}";
        bool isSame = (facts.Min, facts.Max) == (facts.PreparedMin, facts.PreparedMax);
        return isSame ? raw : $"{raw}, prepared {Number(facts.PreparedMin)} to {Number(facts.PreparedMax)}";
    }

    /// <summary>Integers from the smallest to the largest that the network gets.</summary>
    private long Levels(InputFacts facts)
    {
        var centering = port.Centering is { } all ? all with { Axis = null, Offset = [all.Offset[0]], Gain = [all.Gain[0]] } : null;
        var ends = InputQuantizer.Quantize(Tensor.Vector(facts.PreparedMin, facts.PreparedMax), port.Scale, port.Precision, centering);
        return (long)ends.Data[1] - ends.Data[0] + 1;
    }

    /// <summary>Of numbers from 0, as images have them, the scale that brings one unit (1, 255, 65535) to the other; else advice.</summary>
    private string Remedy()
    {
        const string Advice = "give data like those of calibration, or say how they are prepared";
        var stored = preparation.Stored ?? Preprocessing.None;
        bool isStoredDone = stored != Preprocessing.None && preparation.Said.With(stored) == preparation.Said;
        if (found.Min < 0 && calibrated.Min >= 0 && isStoredDone && IsOtherType && Kind(found.Type) == "f")
            return "where the data are prepared already: --no-stored-prep";
        if (!IsOtherType && stored != preparation.Said)
            return $"calibration was prepared by {(stored == Preprocessing.None ? "nothing" : stored.ToString())}: prepare these data so too";
        bool fromZero = found.Min >= 0 && calibrated.Min >= 0;
        if (!fromZero || Unit(found) is not { } from || Unit(calibrated) is not { } to || from == to) return Advice;
        double scale = (stored.Scale ?? 1) * to / from;
        if (scale == (preparation.Said.Scale ?? 1)) return Advice;
        return $"where {Number(from)} is full brightness: --scale {ScalarText.Format(scale)}";
    }

    private static double? Unit(InputFacts facts) =>
        facts.Max switch { > 0 and <= 1 => 1, > 1 and <= 255 => 255, > 255 and <= 65535 => 65535, _ => null };

    /// <summary>Floats of any width hold the same numbers.</summary>
    private static string Kind(string type) => type.StartsWith('f') ? "f" : type;
}
