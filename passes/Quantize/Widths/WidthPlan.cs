using CortexMl.Ir;
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

    private readonly double _target;
    private readonly double[] _left;
    private readonly Dictionary<Operation, LayerForm> _forms = [];

    /// <param name="layers">Every layer that may be wide, and what 8 bits do to the outputs.</param>
    /// <param name="target">Squared error that may be left at an output, as a share of its squared sum.</param>
    /// <param name="budget">Gas that may be spent.</param>
    public WidthPlan(IReadOnlyList<(Operation Layer, LayerDamage Damage)> layers, double target, double budget)
    {
        _target = target;
        int outputs = layers.Count == 0 ? 0 : layers[0].Damage.Data.Count;
        _left = [.. Enumerable.Range(0, outputs).Select(k => layers.Sum(l => LayerForm.Narrow.Error(l.Damage, k)))];
        Before = [.. _left];
        while (_left.Any(e => e > target) && Best(layers, budget) is var (layer, damage, form))
        {
            var now = this[layer];
            budget -= form.Cost(layer) - now.Cost(layer);
            Spent += form.Cost(layer) - now.Cost(layer);
            for (int k = 0; k < outputs; k++) _left[k] -= now.Error(damage, k) - form.Error(damage, k);
            _forms[layer] = form;
        }
    }

    /// <summary>Expected error of each output with 8 bits everywhere.</summary>
    public IReadOnlyList<double> Before { get; }

    /// <summary>The same with the widths chosen.</summary>
    public IReadOnlyList<double> After => _left;

    /// <summary>Gas of the layers beyond that of 8 bits.</summary>
    public long Spent { get; private set; }

    public int Count => _forms.Count;

    /// <summary>Layers that see 15 bits of data or weights.</summary>
    public int Wide => _forms.Values.Count(f => f.Width != LayerWidth.Narrow);

    /// <summary>Layers whose data is centred.</summary>
    public int Centred => _forms.Values.Count(f => f.Data == DataForm.Centred);

    public LayerForm this[Operation layer] => _forms.GetValueOrDefault(layer, LayerForm.Narrow);

    private (Operation Layer, LayerDamage Damage, LayerForm Form)? Best(
        IReadOnlyList<(Operation Layer, LayerDamage Damage)> layers, double budget)
    {
        (Operation, LayerDamage, LayerForm)? best = null;
        double most = 0;
        foreach (var (layer, damage) in layers)
        {
            var now = this[layer];
            foreach (var form in LayerForm.Of(layer, damage))
            {
                double cost = form.Cost(layer) - now.Cost(layer), gain = 0;
                for (int k = 0; k < _left.Length; k++)
                    if (_left[k] > _target) gain += (now.Error(damage, k) - form.Error(damage, k)) / _left[k];
                // What costs nothing comes first, the most useful of it foremost.
                double worth = gain / Math.Max(cost, Cheap);
                if (gain <= 0 || cost > budget || (cost < 0 && form.Width != now.Width) || worth <= most) continue;
                most = worth;
                best = (layer, damage, form);
            }
        }
        return best;
    }
}
