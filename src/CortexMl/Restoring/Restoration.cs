using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Running;

namespace CortexMl.Restoring;

/// <summary>What operations in float change about a compiled network: measured, and nothing else made of it.</summary>
/// <param name="compiled">The graph behind the last pass, with its inputs and outputs.</param>
internal sealed class Restoration(Model compiled, StandIns standIns, IFloatEvaluator evaluator)
{
    /// <summary>Layers that are tried one by one at most.</summary>
    public const int MostLayers = 64;

    /// <summary>The note that says what this is.</summary>
    public Diagnostic Note(bool triesEach)
    {
        var restored = standIns.Restored;
        string what = restored.Count == 0
            ? "layers were tried in float one by one"
            : $"{Counted.Of(restored.Count, "operation")} in {Counted.Of(FloatIslands.Count(restored), "float island")} stayed in float"
                + (triesEach ? ", and layers beside them one by one" : "");
        return new(LibraryCodes.Mixture, Severity.Note, $"{what}: this mixture of integers and floats can only be looked at",
            Hint: "no symbol and no params are written; compile without --restore, and without \"restore\" in a scheme, for a model to"
                + " upload");
    }

    /// <summary>CML0982, to throw: what was to stay in float is not there any more.</summary>
    public static DiagnosticException Nothing() => new(LibraryCodes.RestoreUnfit,
        "nothing is left to stay in float: passes behind restore-float took away all operations that were to",
        hint: "what is done to an input before it becomes integers is in float anyway; --dump-ir change shows what passes do");

    /// <summary>The network on data; results of islands that are outputs are reals.</summary>
    public ModelRun Run(ISampleSource samples, IProgressSink progress)
    {
        var mixture = compiled with { IsMixture = true };
        var islands = FloatIslands.Of(standIns, compiled.Graph, standIns.Restored);
        var results = Batch.Run(
            () => new IslandRunner(mixture, islands, evaluator, 1), samples, new RunOptions().Workers, $"run {compiled.Name}", progress);
        return new ModelRun(mixture, IslandRunner.Engine, results);
    }

    /// <param name="noise">Null where there are no samples to measure on.</param>
    /// <param name="triesEach">Whether each layer is tried alone.</param>
    /// <param name="damage">What 8 bits of layers do, as choose-widths measured it: where there are many, the worst are tried.</param>
    public RestoreReport Report(OutputNoise? noise, bool triesEach, IReadOnlyList<LayerDamage> damage, IProgressSink progress)
    {
        var restored = standIns.Restored;
        string[] names = [.. restored.Select(o => standIns.NameOf(o.Results[0]))];
        var report = new RestoreReport(names, FloatIslands.Count(restored), []);
        if (noise is null) return report;
        NoiseSums without = noise.With([]), with = restored.Count == 0 ? without : noise.With(restored);
        var (before, after) = (without.Decibels, with.Decibels);
        return report with
        {
            Outputs =
            [
                .. noise.Names.Select((name, i) =>
                    new RestoredOutput(name, Finite(before[i]), Finite(after[i]), without.Spread(with, output => output[i]))),
            ],
            Each = triesEach && before.Count > 0 ? Each(noise, with, damage, progress) : null,
        };
    }

    private List<RestoredLayer> Each(OutputNoise noise, NoiseSums without, IReadOnlyList<LayerDamage> damage, IProgressSink progress)
    {
        var costs = damage.ToDictionary(
            d => d.Layer, d => d.Data.Zip(d.Weights, (a, b) => a + b).DefaultIfEmpty(0).Max(), StringComparer.Ordinal);
        Operation[] layers =
        [
            .. standIns.Floats!.Operations.Where(o => o.Spec.Is(OpTraits.Product) && o["weight"].IsConstant).Except(standIns.Restored)
                .OrderByDescending(o => costs.GetValueOrDefault(standIns.NameOf(o.Result))).Take(MostLayers),
        ];
        var tried = new List<RestoredLayer>();
        foreach (var layer in layers)
        {
            var with = noise.With([.. standIns.Restored, layer]);
            double decibels = with.Decibels.Min(), gain = NoiseSums.Difference(decibels, without.Decibels.Min());
            tried.Add(new(standIns.NameOf(layer.Result), layer.Spec.Name, Finite(decibels), Math.Round(gain, 2),
                without.Spread(with, outputs => outputs.Min())));
            progress.Report("restore", tried.Count, layers.Length);
        }
        return [.. tried.OrderByDescending(t => t.Gain)];
    }

    private static double? Finite(double decibels) => double.IsFinite(decibels) ? Math.Round(decibels, 2) : null;
}
