using System.Collections.Immutable;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Centering;

namespace CortexMl.Passes.Quantize.Channels;

/// <summary>
/// Scales of the single channels of what convolutions and dense layers read as 8 bits (passes/Quantize/README.md §10). A layer that reads
/// one channel for each output gains whatever the scales are; in a full product a large 1/s makes the other weights of the row coarser, so
/// that a few shapes s ∝ |w|^b / th^a are tried and the one with the least expected error is taken, the single scale among them.
/// </summary>
internal sealed class ChannelScales
{
    /// <summary>So many times the smallest scale of a value at most: a requantization's multipliers have few bits.</summary>
    private const double MostSpread = 64;

    /// <summary>Times a value's threshold, which may cut off large numbers, that a channel of it may reach.</summary>
    private const double Beyond = 2;

    /// <summary>What a table must save of the single scale's error to be worth its bytes.</summary>
    private const double Worthwhile = 0.95;

    /// <summary>The exponents a and b that are tried, in quarters.</summary>
    private static readonly int[] DataExponents = [4, 3, 2, 1], WeightExponents = [0, 1, 2];

    private readonly Dictionary<Value, Scale> _tables = [];
    private readonly Dictionary<Value, bool> _choices = [];
    private readonly Dictionary<Operation, ProductReader?> _readers = [];
    private readonly Dictionary<ImmutableArray<double>, Scale> _shared = new(new SameNumbers());
    private readonly ChannelClasses _classes;
    private readonly Names _names;
    private readonly double[] _reach;
    private readonly double[] _limit;
    private readonly bool[] _isInput;

    private ChannelScales(Graph graph, QuantizeSettings settings)
    {
        _names = Names.Of(graph);
        _classes = new ChannelClasses(graph, IsRead, v => v.IsInput && settings.InputPrecision <= DemandPrecision.Data);
        _reach = new double[_classes.Count];
        _limit = Enumerable.Repeat(double.NaN, _classes.Count).ToArray();
        _isInput = new bool[_classes.Count];
        Learn();
        foreach (var family in Families()) Choose(family);
    }

    /// <summary>Chooses for a whole graph of the float level, with thresholds.</summary>
    public static ChannelScales Of(Graph graph, QuantizeSettings settings) => new(graph, settings);

    /// <summary>The scales of a value's channels, where single ones were found better; equal tables are one object.</summary>
    public Scale? this[Value value] => _tables.GetValueOrDefault(value);

    /// <summary>Whether a value has scales of its own for its channels; null where there was nothing to choose.</summary>
    public bool? IsPerChannel(Value value) => _choices.TryGetValue(value, out bool chosen) ? chosen : null;

    /// <summary>The layer's weights as they meet its data's channels; null where there are none.</summary>
    public ProductReader? Reader(Operation layer)
    {
        if (!_readers.TryGetValue(layer, out var reader)) _readers[layer] = reader = ProductReader.Of(layer);
        return reader;
    }

    /// <summary>Read by a product; or by an average pool, which costs nothing but gains only what a product behind it gains.</summary>
    private static bool IsRead(Value value) => ChannelFlow.HasChannels(value) && value.Uses.Any(use => IsReader(use));

    private static bool IsReader(Use use) =>
        use.Index == 0 && use.User is { } op && (op.Spec.Is(OpTraits.Product) || AveragePools.IsConvolution(op));

    //  %1 = nn.clip(%0), %2 = nn.relu(%0)   have sets in common, but only what %1 hands on ends at its limit
    private void Learn()
    {
        var furthest = _classes.Bounds(m => m.IsConstant ? Magnitudes(m) : OfAll(m, Furthest(m)));
        var limit = _classes.Bounds(m => OfAll(m, m.IsConstant ? double.NaN : Limit(m)));
        foreach (var member in _classes.Members.Where(m => !m.IsConstant && IsRead(m)))
            foreach (var (c, set) in _classes.Of(member).Index())
            {
                double seen = member.Type.Channels is { Axis: 1 } channels ? channels.Values[c] : Demands.Threshold(member);
                _reach[set] = Math.Max(_reach[set], Math.Min(seen, furthest(member, c)));
                _limit[set] = double.MaxNumber(_limit[set], limit(member, c));
            }
        foreach (var member in _classes.Members.Where(m => m.IsConstant))
            foreach (var (set, own) in _classes.Of(member).Zip(Magnitudes(member)))
                (_reach[set], _limit[set]) = (Math.Max(_reach[set], own), Math.Max(_limit[set], own));
        for (int i = 0; i < _limit.Length; i++)
            if (double.IsNaN(_limit[i])) _limit[i] = double.PositiveInfinity;
        foreach (var member in _classes.Members)
            if (member.Producer is { } floor && Middle.ReachOf(floor) is { } reaches)
                foreach (var (set, reach) in _classes.Of(member).Zip(reaches)) _limit[set] = Math.Min(_limit[set], reach);
        // An input of 8 bits has its scale: at any other it would be rounded twice.
        foreach (var member in _classes.Members.Where(m => m.IsInput && _classes.IsWhole(m) && Demands.Threshold(m) > 0))
        {
            int set = _classes.Of(member, 0);
            (_isInput[set], _limit[set]) = (true, Demands.Threshold(member));
        }
        for (int i = 0; i < _reach.Length; i++) _reach[i] = Math.Min(_reach[i], _limit[i]);
    }

    /// <summary>What a value comes from has seen many numbers: a part of a concatenation reaches no further than itself.</summary>
    private static double Furthest(Value member) =>
        Demands.Threshold(member) is > 0 and var whole ? Math.Min(Beyond * whole, Limit(member)) : Limit(member);

    /// <summary>What saturation alone holds a value to.</summary>
    private static double Limit(Value member) =>
        member.Producer is { } op && op.Spec == NnUnary.Clip && ChannelFlow.ClipLimit(op) is { } limit ? limit : double.PositiveInfinity;

    private static IEnumerable<double> OfAll(Value member, double bound) => Enumerable.Repeat(bound, member.Type.Shape[1]);

    private static double[] Magnitudes(Value constant)
    {
        var most = new double[constant.Type.Shape[1]];
        var floats = constant.Constant!.Floats;
        int inner = floats.Length / Math.Max(1, constant.Type.Shape[0] * most.Length);
        for (int i = 0; i < floats.Length; i++)
            most[i / inner % most.Length] = Math.Max(most[i / inner % most.Length], Math.Abs((double)floats[i]));
        return most;
    }

    /// <summary>Members that share a set with each other, directly or by others.</summary>
    private IEnumerable<List<Value>> Families()
    {
        var owner = new int[_classes.Count];
        Array.Fill(owner, -1);
        var families = new List<List<Value>?>();
        foreach (var member in _classes.Members)
        {
            int[] sets = [.. _classes.Of(member).Distinct()];
            int[] met = [.. sets.Select(s => owner[s]).Where(f => f >= 0).Distinct().Order()];
            int home = met.Length > 0 ? met[0] : families.Count;
            if (met.Length == 0) families.Add([]);
            foreach (int other in met.Skip(1))
            {
                foreach (int set in families[other]!.SelectMany(_classes.Of)) owner[set] = home;
                families[home]!.AddRange(families[other]!);
                families[other] = null;
            }
            families[home]!.Add(member);
            foreach (int set in sets) owner[set] = home;
        }
        return families.OfType<List<Value>>();
    }

    private void Choose(List<Value> family)
    {
        int[] sets = [.. family.SelectMany(_classes.Of).Distinct()];
        double whole = sets.Max(s => _reach[s]);
        if (sets.Length < 2) return;
        var readers = family.SelectMany(v => v.Uses).Where(IsReader).Select(u => u.User!).Distinct().Select(Reader)
            .OfType<ProductReader>().ToList();
        if (readers.Count == 0) return;
        // Of what is always zero any scale is as good.
        bool mayBe = whole > 0 && family.All(v => v.Type.Reading?.IsPerChannel != false);
        if (mayBe) Search(family, sets, whole, readers);
        foreach (var member in family) _choices[member] = _tables.ContainsKey(member);
    }

    private void Search(List<Value> family, int[] sets, double whole, List<ProductReader> readers)
    {
        var weights = new double[_classes.Count];
        foreach (var reader in readers)
            foreach (var (channel, share) in reader.ColumnReach().Index())
            {
                int set = _classes.Of(reader.Data, channel);
                weights[set] = Math.Max(weights[set], share);
            }
        double Error(double[] scales) => readers.Sum(r => r.Error(At(scales, r.Data), At(_reach, r.Data)));

        // Zero is a code of centred data: at another scale it would be between two.
        bool isCentred = family.Any(v => v.Producer is { } op && Middle.Of(op) is not null);
        bool isDecided = isCentred || family.Any(v => v.Type.Reading?.IsPerChannel == true);
        var (best, least) = ((double[]?)null, isDecided ? double.PositiveInfinity : Worthwhile * readers.Sum(SingleError));
        foreach (int a in DataExponents)
            foreach (int b in WeightExponents)
            {
                var scales = Shape(sets, weights, whole, a, b);
                double error = Error(scales);
                if (error < least) (best, least) = (scales, error);
            }
        if (best is not null)
            foreach (var member in family) Note(member, best);

        double[] At(double[] numbers, Value value) => [.. _classes.Of(value).Select(s => numbers[s])];
    }

    private double SingleError(ProductReader reader)
    {
        double scale = Demands.Narrow(reader.Data).Scale;
        int[] sets = _classes.Of(reader.Data);
        return reader.Error([.. sets.Select(_ => scale)], [.. sets.Select(s => _reach[s])]);
    }

    /// <summary>s ∝ |w|^(b/4) / th^(a/4), as large as no channel's reach leaves 8 bits.</summary>
    private double[] Shape(int[] sets, double[] weights, double whole, int a, int b)
    {
        double bound = Precisions.Bound(DemandPrecision.Data);
        var scales = new double[_classes.Count];
        double fullest = 0;
        foreach (int s in sets)
        {
            double reach = _reach[s] > 0 ? _reach[s] : whole, weight = weights[s] > 0 ? weights[s] : 1;
            scales[s] = Quarters(weight, b) / Quarters(reach, a);
            fullest = Math.Max(fullest, scales[s] * reach);
        }
        double smallest = double.PositiveInfinity;
        foreach (int s in sets)
        {
            scales[s] = _isInput[s] ? bound / _limit[s] : Math.Max(scales[s] * bound / fullest, bound / _limit[s]);
            smallest = Math.Min(smallest, scales[s]);
        }
        foreach (int s in sets) scales[s] = Math.Min(scales[s], Math.Max(MostSpread * smallest, bound / _limit[s]));
        return scales;
    }

    /// <summary>x^(n/4) by square roots, which are the same on every machine.</summary>
    private static double Quarters(double x, int n) => n switch
    {
        0 => 1,
        1 => Math.Sqrt(Math.Sqrt(x)),
        2 => Math.Sqrt(x),
        3 => Math.Sqrt(x) * Math.Sqrt(Math.Sqrt(x)),
        _ => x,
    };

    private void Note(Value member, double[] scales)
    {
        ImmutableArray<double> own = [.. _classes.Of(member).Select(s => scales[s])];
        if (own.All(s => s == own[0]))
        {
            _tables[member] = Scale.PerTensor(own[0]);
            return;
        }
        if (!_shared.TryGetValue(own, out var table))
            _shared[own] = table = Scale.PerChannel(1, $"{_names[member]}.channels", own);
        _tables[member] = table;
    }

    private sealed class SameNumbers : IEqualityComparer<ImmutableArray<double>>
    {
        public bool Equals(ImmutableArray<double> x, ImmutableArray<double> y) => x.AsSpan().SequenceEqual(y.AsSpan());

        public int GetHashCode(ImmutableArray<double> numbers) => HashCode.Combine(numbers.Length, numbers[0], numbers[^1]);
    }
}
