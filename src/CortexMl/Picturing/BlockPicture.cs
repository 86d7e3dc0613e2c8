using System.Globalization;
using System.Net;
using System.Text;
using CortexMl.Ir;

namespace CortexMl.Picturing;

/// <summary>One block as a drawing: a box for each operation and for what enters and leaves, lines along the values.</summary>
internal sealed class BlockPicture
{
    private const double BoxHeight = 34, CharacterWidth = 7.2, SmallWidth = 5.4, Padding = 14, LeastWidth = 60;

    /// <summary>Longer names are cut.</summary>
    private const int MostCharacters = 36;

    private readonly List<PictureNode> _nodes = [];
    private readonly List<(int From, int To)> _edges = [];

    private readonly LayeredLayout _layout;

    /// <param name="results">Names of outputs of the graph, by value.</param>
    public BlockPicture(PictureBlock block, PictureNodes nodes, ILookup<Value, string> results)
    {
        var places = new Dictionary<Value, int>();
        foreach (var value in block.Entering)
        {
            places[value] = _nodes.Count;
            _nodes.Add(value.IsInput ? nodes.OfInput(value)
                : nodes.OfInput(value) with { Title = "from above", Text = $"{nodes.Spell(value)}: {value.Type}" });
        }
        foreach (var operation in block.Operations)
        {
            foreach (var operand in operation.Operands.Where(o => !o.IsConstant).Distinct()) _edges.Add((places[operand], _nodes.Count));
            foreach (var result in operation.Results) places[result] = _nodes.Count;
            _nodes.Add(nodes.Of(operation));
        }
        foreach (var value in block.Leaving.Concat(block.Entering.Where(v => results.Contains(v))))
        {
            foreach (string name in results[value])
            {
                _edges.Add((places[value], _nodes.Count));
                _nodes.Add(nodes.OfOutput(value, name));
            }
        }
        _layout = new LayeredLayout([.. _nodes.Select(n => (RoomFor(n), BoxHeight))], _edges);
    }

    /// <summary>Its boxes in the order of their numbers.</summary>
    public IReadOnlyList<PictureNode> Nodes => _nodes;

    public IReadOnlyList<(int From, int To)> Edges => _edges;

    public double Width => _layout.Width;

    public double Height => _layout.Height;

    /// <param name="first">Number of the first box in the whole page; null where nobody can click.</param>
    public void Write(StringBuilder svg, int? first)
    {
        foreach (var route in _layout.Routes) svg.Append(CultureInfo.InvariantCulture, $"<path class=\"e\" d=\"{Path(route)}\"/>\n");
        foreach (var (i, node) in _nodes.Index()) Write(svg, i, node, first);
    }

    private void Write(StringBuilder svg, int i, PictureNode node, int? first)
    {
        var (x, top, bottom) = _layout[i];
        double width = BoxWidth(node);
        string click = first is { } number ? string.Create(CultureInfo.InvariantCulture, $" data-n=\"{number + i}\" tabindex=\"0\"") : "";
        svg.Append(CultureInfo.InvariantCulture, $"<g class=\"n {node.Kind}\"{click}><title>{Escaped(node.Text)}</title>")
            .Append(CultureInfo.InvariantCulture, $"<rect x=\"{x - width / 2:0.#}\" y=\"{top:0.#}\" width=\"{width:0.#}\" ")
            .Append(CultureInfo.InvariantCulture, $"height=\"{BoxHeight}\" rx=\"5\"/>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{top + 14:0.#}\" class=\"t\">{Escaped(Cut(node.Title))}</text>")
            .Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{top + 28:0.#}\">{Escaped(Cut(node.Name))}</text></g>\n");
        if (node.Edge.Length > 0)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{bottom + 20:0.#}\" class=\"l\">")
                .Append(Escaped(node.Edge)).Append("</text>\n");
    }

    // Straight down through places between, bent towards them.
    private string Path(IReadOnlyList<int> route)
    {
        var path = new StringBuilder();
        var (x, _, y) = _layout[route[0]];
        path.Append(CultureInfo.InvariantCulture, $"M{x:0.#} {y:0.#}");
        foreach (int place in route.Skip(1))
        {
            var (nextX, nextY, bottom) = _layout[place];
            double middle = (y + nextY) / 2;
            path.Append(CultureInfo.InvariantCulture, $"C{x:0.#} {middle:0.#} {nextX:0.#} {middle:0.#} {nextX:0.#} {nextY:0.#}");
            if (bottom > nextY && place != route[^1]) path.Append(CultureInfo.InvariantCulture, $"V{bottom:0.#}");
            (x, y) = (nextX, place == route[^1] ? nextY : bottom);
        }
        return path.ToString();
    }

    private static double BoxWidth(PictureNode node) =>
        Math.Max(LeastWidth, Math.Max(Cut(node.Title).Length * CharacterWidth, Cut(node.Name).Length * CharacterWidth) + Padding);

    // Half of the label stands on either side of the line.
    private static double RoomFor(PictureNode node) => Math.Max(BoxWidth(node), node.Edge.Length * SmallWidth + 10);

    private static string Cut(string text) => text.Length <= MostCharacters ? text : text[..(MostCharacters - 1)] + "…";

    private static string Escaped(string text) => WebUtility.HtmlEncode(Diagnostics.Printable.Escape(text));
}
