using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;

namespace CortexMl.Reports;

/// <summary>What a compiled model is so far from its float network in that nobody should use it without knowing.</summary>
internal static class NoiseDoubts
{
    /// <summary>Decibels below which an output is no longer the network's: noise of more than a sixth of its magnitude.</summary>
    public const double Least = 15;

    /// <summary>Share of right answers that may get lost, and the samples that it must be at least.</summary>
    private const double MostLost = 0.01, FewestLost = 3;

    private const string Remedy = "calibrate on more and on typical samples, try other methods (cortexml passes calibrate), and look at the"
        + " noise of every value in report.json; columns or outputs whose ranges are far apart need scales of their own";

    /// <summary>Outputs that are mostly noise, and values that became zero.</summary>
    /// <param name="noise">The noisiest first.</param>
    public static IEnumerable<Diagnostic> Of(IReadOnlyList<NodeNoise> noise)
    {
        var inside = noise.FirstOrDefault(n => n.Output is null);
        foreach (var output in noise.Where(n => n.Output is not null && n.NoiseRatio < Least))
        {
            string cause = inside is { NoiseRatio: < Least } && !output.IsZero
                ? $"; the noisiest value in front of it: {Figures(inside)}"
                : "";
            yield return Warning(LibraryCodes.Noisy, output.IsZero
                ? $"output '{output.Output}' is zero on every sample, where the float network's reaches {Number(output.MaxError)}"
                : $"output {Figures(output, output.Output)}, is mostly noise{cause}");
        }
        string[] dead = [.. noise.Where(n => n.Output is null && n.IsZero).Select(n => $"'{n.Name}'")];
        if (dead.Length > 0)
        {
            string values = Counted.Of(dead.Length, "value is", "values are");
            yield return Warning(LibraryCodes.Dead, $"{values} zero on every sample, not so in the float network: {Listing.Of(dead)}");
        }
    }

    /// <summary>Outputs that are noisier than was asked for.</summary>
    public static IEnumerable<Diagnostic> Of(IReadOnlyList<NodeNoise> noise, double? target) =>
        noise.Where(n => n.Output is not null && n.NoiseRatio < target).Select(n => new Diagnostic(
            LibraryCodes.BelowTarget, Severity.Warning,
            $"output {Figures(n, n.Output)}, does not reach the "
            + string.Create(CultureInfo.InvariantCulture, $"{target:0.#} dB of --min-db"), null,
            "what could be chosen has been: allow more gas with --gas-budget where it is given,"
            + " or calibrate on more samples"));

    /// <summary>Right answers of the float model that the integers do not give.</summary>
    public static IEnumerable<Diagnostic> Of(Evaluation? tested)
    {
        if (tested is not { Results: [{ Top1: { } real }, .., { Top1: { } whole }] } || real - whole <= MostLost) yield break;
        if (Math.Round((real - whole) * tested.Count) < FewestLost) yield break;
        yield return Warning(LibraryCodes.Drop, string.Create(CultureInfo.InvariantCulture,
            $"the integers name the right class of {whole:P1} of {Counted.Of(tested.Count, "sample")}, the float network of {real:P1}"));
    }

    private static Diagnostic Warning(string code, string message) => new(code, Severity.Warning, message, null, Remedy);

    private static string Figures(NodeNoise noise, string? name = null) => string.Create(CultureInfo.InvariantCulture,
        $"'{name ?? noise.Name}', {noise.NoiseRatio:0.0} dB (cosine {noise.Cosine:0.00})");

    private static string Number(double number) => number.ToString("G3", CultureInfo.InvariantCulture);
}
