using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>
/// How each layer is quantized (passes/Quantize/README.md §11). Errors of different layers are taken to be independent, so that their
/// squares add up at each output; what removes most of the error that is too much, for its gas, comes first, until every output is good
/// enough or the gas is spent.
/// </summary>
internal sealed class WidthPlan
{
    /// <summary>Gas below which a choice counts as free.</summary>
    private const double Cheap = 1;

    /// <summary>What is left of the damage of rounded weights where they are rounded by what the layer reads.</summary>
    private const double LeftOfWeights = 0.5;

    private readonly double _target;
    private readonly double[] _left;
    private readonly Dictionary<Operation, LayerForm> _forms = [];
    private readonly List<(Operation Layer, LayerForm Form, long Gas, IReadOnlyList<double> After)> _choices = [];

    /// <param name="layers">Every layer that may be wide, and what 8 bits do to the outputs.</param>
    /// <param name="target">Squared error that may be left at an output, as a share of its squared sum.</param>
    /// <param name="budget">Gas that may be spent.</param>
    /// <param name="decided">Layers of which nothing is to be chosen; what they cost is spent.</param>
    /// <param name="most">Choices that may be made.</param>
    public WidthPlan(
        IReadOnlyList<(Operation Layer, LayerDamage Damage)> layers, double target, double budget,
        IReadOnlyDictionary<Operation, LayerForm>? decided = null, int most = int.MaxValue)
    {
        foreach (var (layer, form) in decided ?? new Dictionary<Operation, LayerForm>())
        {
            if (form == LayerForm.Narrow) continue;
            _forms[layer] = form;
            Spent += form.Cost(layer);
        }
        budget -= Spent;
        _target = target;
        int outputs = layers.Count == 0 ? 0 : layers[0].Damage.Data.Count;
        _left = [.. Enumerable.Range(0, outputs).Select(k => layers.Sum(l => LayerForm.Narrow.Error(l.Damage, k)))];
        Before = [.. _left];
        foreach (var (layer, damage) in layers)
            for (int k = 0; k < outputs; k++) _left[k] -= LayerForm.Narrow.Error(damage, k) - this[layer].Error(damage, k);
        Candidate[] candidates =
        [
            .. layers.Where(l => decided?.ContainsKey(l.Layer) != true).SelectMany(
                l => LayerForm.Of(l.Layer, l.Damage).Select(f => new Candidate(l.Layer, l.Damage, f, f.Cost(l.Layer)))),
        ];
        var costs = new Dictionary<Operation, long>();
        while (!IsReached && _choices.Count < most && Best(candidates, costs, budget) is var (layer, damage, form, cost))
        {
            var now = this[layer];
            long extra = cost - costs.GetValueOrDefault(layer);
            budget -= extra;
            Spent += extra;
            for (int k = 0; k < outputs; k++) _left[k] -= now.Error(damage, k) - form.Error(damage, k);
            (_forms[layer], costs[layer]) = (form, cost);
            _choices.Add((layer, form, extra, [.. _left]));
        }
    }

    public static double Decibels(IReadOnlyList<double> errors) => -PortableMath.Decibels(Math.Max(1e-20, errors.DefaultIfEmpty(1).Max()));

    /// <param name="isOpen">Whether there was anything to choose.</param>
    public WidthExpectation Expectation(bool isOpen) => new(Decibels(_left), !isOpen || !IsReached);

    /// <summary>Whether every output is expected to be good enough; else the gas is spent, or nothing is left to choose.</summary>
    public bool IsReached => _left.All(e => e <= _target);

    /// <summary>Expected error of each output with 8 bits everywhere.</summary>
    public IReadOnlyList<double> Before { get; }

    /// <summary>The same with the widths chosen.</summary>
    public IReadOnlyList<double> After => _left;

    /// <summary>
    /// What was chosen, in that order, with its gas and the error that is left of each output; a layer may be chosen again.
    /// </summary>
    public IReadOnlyList<(Operation Layer, LayerForm Form, long Gas, IReadOnlyList<double> After)> Choices => _choices;

    /// <summary>Gas of the layers beyond that of 8 bits.</summary>
    public long Spent { get; private set; }

    public int Count => _forms.Count;

    /// <summary>Layers that see 15 bits of data or weights.</summary>
    public int Wide => _forms.Values.Count(f => f.Width != LayerWidth.Narrow);

    /// <summary>Layers whose data is centred.</summary>
    public int Centred => _forms.Values.Count(f => f.Data == DataForm.Centred);

    public LayerForm this[Operation layer] => _forms.GetValueOrDefault(layer, LayerForm.Narrow);

    /// <summary>What may be chosen, with its gas beyond the narrow form's.</summary>
    private sealed record Candidate(Operation Layer, LayerDamage Damage, LayerForm Form, long Cost);

    private Candidate? Best(Candidate[] candidates, Dictionary<Operation, long> costs, double budget)
    {
        Candidate? best = null;
        double most = 0;
        foreach (var candidate in candidates)
        {
            var (layer, damage, form, cost) = candidate;
            var now = this[layer];
            double extra = cost - costs.GetValueOrDefault(layer), gain = 0;
            for (int k = 0; k < _left.Length; k++)
                if (_left[k] > _target) gain += (now.Error(damage, k, LeftOfWeights) - form.Error(damage, k, LeftOfWeights)) / _left[k];
            // What costs nothing comes first, the most useful of it foremost.
            double worth = gain / Math.Max(extra, Cheap);
            if (gain <= 0 || extra > budget || (extra < 0 && form.Width != now.Width) || worth <= most) continue;
            (most, best) = (worth, candidate);
        }
        return best;
    }
}
