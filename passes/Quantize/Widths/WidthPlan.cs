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
    private readonly double _target;
    private readonly double[] _left;
    private readonly Dictionary<Operation, LayerWidth> _widths = [];

    /// <param name="layers">Every layer that may be wide, and what 8 bits do to the outputs.</param>
    /// <param name="target">Squared error that may be left at an output, as a share of its squared sum.</param>
    /// <param name="budget">Gas that may be spent.</param>
    public WidthPlan(IReadOnlyList<(Operation Layer, LayerDamage Damage)> layers, double target, double budget)
    {
        _target = target;
        int outputs = layers.Count == 0 ? 0 : layers[0].Damage.Data.Count;
        _left = [.. Enumerable.Range(0, outputs).Select(k => layers.Sum(l => LayerWidth.Narrow.Error(l.Damage, k)))];
        Before = [.. _left];
        while (_left.Any(e => e > target) && Best(layers, budget) is var (layer, damage, width))
        {
            var now = this[layer];
            budget -= LayerGas.Extra(layer, width) - LayerGas.Extra(layer, now);
            Spent += LayerGas.Extra(layer, width) - LayerGas.Extra(layer, now);
            for (int k = 0; k < outputs; k++) _left[k] -= now.Error(damage, k) - width.Error(damage, k);
            _widths[layer] = width;
        }
    }

    /// <summary>Expected error of each output with 8 bits everywhere.</summary>
    public IReadOnlyList<double> Before { get; }

    /// <summary>The same with the widths chosen.</summary>
    public IReadOnlyList<double> After => _left;

    /// <summary>Gas of the layers beyond that of 8 bits.</summary>
    public long Spent { get; private set; }

    public int Count => _widths.Count;

    public LayerWidth this[Operation layer] => _widths.GetValueOrDefault(layer, LayerWidth.Narrow);

    private (Operation Layer, LayerDamage Damage, LayerWidth Width)? Best(
        IReadOnlyList<(Operation Layer, LayerDamage Damage)> layers, double budget)
    {
        (Operation, LayerDamage, LayerWidth)? best = null;
        double most = 0;
        foreach (var (layer, damage) in layers)
        {
            var now = this[layer];
            foreach (var width in LayerWidth.Wider(layer))
            {
                double cost = LayerGas.Extra(layer, width) - LayerGas.Extra(layer, now), gain = 0;
                for (int k = 0; k < _left.Length; k++)
                    if (_left[k] > _target) gain += (now.Error(damage, k) - width.Error(damage, k)) / _left[k];
                if (cost > budget || cost <= 0 || gain <= most * cost) continue;
                most = gain / cost;
                best = (layer, damage, width);
            }
        }
        return best;
    }
}
