using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>
/// How each layer is quantized, and how many bits lookup tables have (passes/Quantize/README.md §11). Errors of different layers are taken
/// to be independent, so that their squares add up at each output; what removes most of the error that is too much, for its gas, comes
/// first, until every output is good enough or the gas is spent. What costs little is taken beyond that.
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
    private readonly Dictionary<object, WidthOffer> _now = [];
    private readonly List<(WidthOffer Offer, long Gas, IReadOnlyList<double> After)> _choices = [];

    /// <param name="layers">Every layer that may be wide, and what 8 bits do to the outputs.</param>
    /// <param name="target">Squared error that may be left at an output, as a share of its squared sum.</param>
    /// <param name="budget">Gas that may be spent.</param>
    /// <param name="decided">Layers of which nothing is to be chosen; what they cost is spent.</param>
    /// <param name="most">Choices that may be made.</param>
    /// <param name="tables">Of all lookup tables together: first as they are, then what they may be; empty where they are decided.</param>
    /// <param name="plenty">What may be left where that costs little; the target, where nothing is taken beyond it.</param>
    /// <param name="spare">Gas that may be spent on that, of the budget.</param>
    public WidthPlan(
        IReadOnlyList<(Operation Layer, LayerDamage Damage)> layers, double target, double budget,
        IReadOnlyDictionary<Operation, LayerForm>? decided = null, int most = int.MaxValue, IReadOnlyList<TableOffer>? tables = null,
        double plenty = double.PositiveInfinity, double spare = 0)
    {
        foreach (var (layer, form) in decided ?? new Dictionary<Operation, LayerForm>())
        {
            if (form == LayerForm.Narrow) continue;
            _forms[layer] = form;
            Spent += form.Cost(layer);
        }
        budget -= Spent;
        _target = target;
        WidthOffer[] usual = [.. layers.Select(l => new LayerOffer(l.Layer, l.Damage, LayerForm.Narrow)), .. (tables ?? []).Take(1)];
        foreach (var offer in usual) _now[offer.Subject] = offer;
        int outputs = layers.Count > 0 ? layers[0].Damage.Data.Count : tables is [var first, ..] ? first.Damage.Errors.Count : 0;
        _left = [.. Enumerable.Range(0, outputs).Select(k => usual.Sum(o => o.Error(k)))];
        Before = [.. _left];
        foreach (var (layer, damage) in layers) Take(new LayerOffer(layer, damage, this[layer]));
        WidthOffer[] offers =
        [
            .. layers.Where(l => decided?.ContainsKey(l.Layer) != true).SelectMany(
                l => LayerForm.Of(l.Layer, l.Damage).Select(f => new LayerOffer(l.Layer, l.Damage, f))),
            .. (tables ?? []).Skip(1),
        ];
        long before = Spent;
        Choose(offers, target, budget, most, Price);
        budget -= Spent - before;
        // A network that all of its budget is little for takes no time either.
        if (IsReached) Choose(offers, Math.Min(target, plenty), Math.Min(budget, spare), most, spare < budget ? PriceWithTime : Price);
    }

    /// <param name="price">What the budget is spent on.</param>
    private void Choose(WidthOffer[] offers, double target, double budget, int most, Func<WidthOffer, long> price)
    {
        while (_left.Any(e => e > target) && _choices.Count < most && Best(offers, target, budget, price) is { } best)
        {
            var now = _now[best.Subject];
            long extra = Price(best) - Price(now);
            budget -= price(best) - price(now);
            Spent += extra;
            Take(best);
            _choices.Add((best, extra, [.. _left]));
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
    public IReadOnlyList<(WidthOffer Offer, long Gas, IReadOnlyList<double> After)> Choices => _choices;

    /// <summary>Gas beyond that of 8 bits and usual tables.</summary>
    public long Spent { get; private set; }

    /// <summary>Whether all layers see 8 bits and tables are as usual.</summary>
    public bool IsUsual => _forms.Count == 0 && Tables is null;

    /// <summary>Layers that see 15 bits of data or weights.</summary>
    public int Wide => _forms.Values.Count(f => f.Width != LayerWidth.Narrow);

    /// <summary>Layers whose data is centred.</summary>
    public int Centred => _forms.Values.Count(f => f.Data == DataForm.Centred);

    /// <summary>Bits of the index of all lookup tables; null where they are as usual.</summary>
    public int? Tables => _choices.Select(c => c.Offer).OfType<TableOffer>().LastOrDefault()?.Precision;

    public LayerForm this[Operation layer] => _forms.GetValueOrDefault(layer, LayerForm.Narrow);

    private void Take(WidthOffer offer)
    {
        var now = _now[offer.Subject];
        for (int k = 0; k < _left.Length; k++) _left[k] -= now.Error(k) - offer.Error(k);
        _now[offer.Subject] = offer;
        if (offer is LayerOffer { Form: var form } layer && form != this[layer.Layer]) _forms[layer.Layer] = form;
    }

    /// <summary>Data that another layer sees in two parts is split already.</summary>
    private long Price(WidthOffer offer) => offer is LayerOffer { Form.Data: DataForm.Wide, Layer: var layer } && IsSplit(layer)
        ? offer.Cost - LayerGas.Split(layer, 0) : offer.Cost;

    private bool IsSplit(Operation layer) => layer.Spec != NnConv.MatMul && layer["data"].Uses.Any(
        use => use is { Index: 0, User: { } other } && other != layer && other.Spec != NnConv.MatMul && this[other].Data == DataForm.Wide);

    /// <summary>
    /// Centred data cost hardly any gas, but need all 8 bits, which processors without a dot product of bytes multiply half as many of.
    /// </summary>
    private long PriceWithTime(WidthOffer offer) =>
        Price(offer) + (offer is LayerOffer { Form.Data: DataForm.Centred, Layer: var layer } ? LayerGas.Product(layer) / 2 : 0);

    private WidthOffer? Best(WidthOffer[] offers, double target, double budget, Func<WidthOffer, long> price)
    {
        WidthOffer? best = null;
        double most = 0;
        foreach (var offer in offers)
        {
            var now = _now[offer.Subject];
            double extra = price(offer) - price(now), gain = 0;
            for (int k = 0; k < _left.Length; k++)
                if (_left[k] > target) gain += (now.Error(k, LeftOfWeights) - offer.Error(k, LeftOfWeights)) / _left[k];
            // What costs nothing comes first, the most useful of it foremost.
            double worth = gain / Math.Max(extra, Cheap);
            if (gain <= 0 || extra > budget || (extra < 0 && !offer.HasBitsOf(now)) || worth <= most) continue;
            (most, best) = (worth, offer);
        }
        return best;
    }
}
