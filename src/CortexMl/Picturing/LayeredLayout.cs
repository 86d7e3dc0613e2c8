namespace CortexMl.Picturing;

/// <summary>
/// Places boxes in layers from top to bottom: each below all that it reads; within a layer in the order that crosses few edges (each box
/// near the mean of its neighbours, swept down and up). Edges over several layers pass through places of their own.
/// </summary>
internal sealed class LayeredLayout
{
    private const double Gap = 24, LayerGap = 34, ThroughWidth = 10;

    private const int Sweeps = 6;

    private readonly List<List<int>> _layers = [];
    private readonly List<double> _widths;
    private readonly double[] _heights;
    private readonly List<List<int>> _above = [], _below = [];
    private readonly List<double> _x = [];
    private readonly List<int> _layer = [];

    /// <param name="sizes">Of the boxes, in an order in which each stands behind what it reads.</param>
    /// <param name="edges">From a box to a later one.</param>
    public LayeredLayout(IReadOnlyList<(double Width, double Height)> sizes, IReadOnlyList<(int From, int To)> edges)
    {
        _widths = [.. sizes.Select(s => s.Width)];
        _heights = [.. sizes.Select(s => s.Height)];
        for (int i = 0; i < sizes.Count; i++) Add(0);
        foreach (var (from, to) in edges.OrderBy(e => e.To)) _layer[to] = Math.Max(_layer[to], _layer[from] + 1);
        for (int i = 0; i < sizes.Count; i++) Place(i, _layer[i]);
        Routes = [.. edges.Select(Route)];
        Order();
        Spread();
        Width = Enumerable.Range(0, _x.Count).Select(i => _x[i] + _widths[i] / 2).DefaultIfEmpty(0).Max() + Gap;
        Tops = Heights();
    }

    /// <summary>For each edge the places that it passes, ends among them; numbers of boxes, and larger ones of places of its own.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Routes { get; }

    public double Width { get; }

    public double Height { get; private set; }

    /// <summary>Upper border of each layer.</summary>
    private double[] Tops { get; }

    public (double X, double Top, double Bottom) this[int place] =>
        (_x[place], Tops[_layer[place]], Tops[_layer[place]] + (place < _heights.Length ? _heights[place] : 0));

    private int Add(int layer)
    {
        _layer.Add(layer);
        _above.Add([]);
        _below.Add([]);
        _x.Add(0);
        return _layer.Count - 1;
    }

    private void Place(int place, int layer)
    {
        while (_layers.Count <= layer) _layers.Add([]);
        _layers[layer].Add(place);
    }

    private List<int> Route((int From, int To) edge)
    {
        var route = new List<int> { edge.From };
        for (int layer = _layer[edge.From] + 1; layer < _layer[edge.To]; layer++)
        {
            _widths.Add(ThroughWidth);
            int through = Add(layer);
            Place(through, layer);
            Join(route[^1], through);
            route.Add(through);
        }
        Join(route[^1], edge.To);
        route.Add(edge.To);
        return route;
    }

    private void Join(int above, int below)
    {
        _below[above].Add(below);
        _above[below].Add(above);
    }

    private void Order()
    {
        var places = new double[_layer.Count];
        foreach (var layer in _layers) Number(layer);
        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            bool isDown = sweep % 2 == 0;
            foreach (var layer in isDown ? _layers : _layers.AsEnumerable().Reverse())
            {
                var neighbours = isDown ? _above : _below;
                var sorted = layer.OrderBy(p => neighbours[p].Count == 0 ? places[p] : neighbours[p].Average(n => places[n])).ToList();
                layer.Clear();
                layer.AddRange(sorted);
                Number(layer);
            }
        }

        void Number(List<int> layer)
        {
            foreach (var (i, place) in layer.Index()) places[place] = (i + 0.5) / layer.Count;
        }
    }

    // Side by side, then towards the mean of the neighbours as far as those beside it allow.
    private void Spread()
    {
        foreach (var layer in _layers)
        {
            double at = Gap;
            foreach (int place in layer)
            {
                _x[place] = at + _widths[place] / 2;
                at += _widths[place] + Gap;
            }
        }
        for (int sweep = 0; sweep < 2 * Sweeps; sweep++)
        {
            bool isDown = sweep % 2 == 0;
            foreach (var layer in isDown ? _layers : _layers.AsEnumerable().Reverse()) Shift(layer, isDown ? _above : _below);
        }
        double least = Enumerable.Range(0, _x.Count).Select(i => _x[i] - _widths[i] / 2).DefaultIfEmpty(Gap).Min();
        for (int i = 0; i < _x.Count; i++) _x[i] += Gap - least;
    }

    private void Shift(List<int> layer, List<List<int>> neighbours)
    {
        double[] wanted = [.. layer.Select(p => neighbours[p].Count == 0 ? _x[p] : neighbours[p].Average(n => _x[n]))];
        // From the left as near as the left neighbour allows, from the right likewise: the mean of both keeps the distances.
        double[] left = [.. wanted], right = [.. wanted];
        for (int i = 1; i < layer.Count; i++) left[i] = Math.Max(left[i], left[i - 1] + Distance(layer[i - 1], layer[i]));
        for (int i = layer.Count - 2; i >= 0; i--) right[i] = Math.Min(right[i], right[i + 1] - Distance(layer[i], layer[i + 1]));
        for (int i = 0; i < layer.Count; i++) _x[layer[i]] = (left[i] + right[i]) / 2;
    }

    private double Distance(int one, int other) => (_widths[one] + _widths[other]) / 2 + Gap;

    private double[] Heights()
    {
        double[] tops = new double[_layers.Count];
        double top = Gap;
        foreach (var (i, layer) in _layers.Index())
        {
            tops[i] = top;
            top += layer.Select(p => p < _heights.Length ? _heights[p] : 0).DefaultIfEmpty(0).Max() + LayerGap;
        }
        Height = top;
        return tops;
    }
}
