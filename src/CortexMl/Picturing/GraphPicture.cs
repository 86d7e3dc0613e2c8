using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Numerics;

namespace CortexMl.Picturing;

/// <summary>The pieces of a page of a graph, in HTML, and how many of its blocks are drawn.</summary>
/// <param name="Facts">A list in JSON: text and details of every box.</param>
internal sealed record PictureParts(string Head, string Legend, string Body, string Facts, int Drawn, int Blocks);

/// <summary>A graph of any level to look at: as text for Graphviz, as one drawing, or as a page that needs nothing but a browser.</summary>
public static class GraphPicture
{
    /// <summary>For <c>dot</c>: a box a row, an arrow a value.</summary>
    public static string Dot(Graph graph)
    {
        var (nodes, block, results) = Parts(graph, folds: false)[0];
        var picture = new BlockPicture(block, nodes, results);
        var dot = new StringBuilder($"digraph {Quoted.Write(graph.Name)} {{\n  node [shape=box, style=filled, fontname=\"sans-serif\"];\n");
        var colours = PictureNode.Kinds.ToLookup(k => k.Kind, k => k.Colour, StringComparer.Ordinal);
        foreach (var (i, node) in picture.Nodes.Index())
            dot.Append(CultureInfo.InvariantCulture, $"  n{i} [label={DotText($"{node.Title}\n{node.Name}")}, ")
                .Append(CultureInfo.InvariantCulture, $"fillcolor=\"{colours[node.Kind].First()}\", tooltip={DotText(node.Text)}];\n");
        foreach (var (from, to) in picture.Edges)
            dot.Append(CultureInfo.InvariantCulture, $"  n{from} -> n{to} [label={DotText(picture.Nodes[from].Edge)}];\n");
        return dot.Append("}\n").ToString();
    }

    /// <summary>One drawing of the whole graph.</summary>
    public static string Svg(Graph graph)
    {
        var (nodes, block, results) = Parts(graph, folds: false)[0];
        var picture = new BlockPicture(block, nodes, results);
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"{SvgSpace}\" {Size(picture)}>\n");
        svg.Append("<style>").Append(PageParts.DrawingStyle).Append(Colours()).Append("</style>\n");
        picture.Write(svg, null);
        return svg.Append("</svg>\n").ToString();
    }

    /// <summary>
    /// One page with everything in it: blocks that open, boxes that tell attributes, constants, ranges and text where one clicks at them,
    /// and a search.
    /// </summary>
    public static string Html(Graph graph)
    {
        var parts = Drawn(graph);
        return PageParts.Page(parts.Head, parts.Legend, parts.Body, Colours(), parts.Facts);
    }

    /// <summary>The pieces of a page, for a page that has more than a graph.</summary>
    /// <param name="named">Names that go over the graph's own; null for none.</param>
    /// <param name="most">Characters of drawings: of blocks behind them the names alone are told.</param>
    internal static PictureParts Drawn(Graph graph, PictureNames? named = null, int most = int.MaxValue)
    {
        var blocks = Parts(graph, folds: true, named);
        var (body, facts, drawn) = (new StringBuilder(), new List<PictureNode>(), 0);
        foreach (var (i, (nodes, block, results)) in blocks.Index())
        {
            if (body.Length < most)
            {
                drawn++;
                var picture = new BlockPicture(block, nodes, results);
                body.Append(blocks.Count == 1 ? "<details open>" : "<details>");
                body.Append("<summary>").Append(Summary(i, block, nodes)).Append("</summary>\n");
                body.Append(CultureInfo.InvariantCulture, $"<svg {Size(picture)}>\n");
                picture.Write(body, facts.Count);
                body.Append("</svg></details>\n");
                facts.AddRange(picture.Nodes);
            }
            else if (i < drawn + MostTold) body.Append("<div class=\"untold\">").Append(Summary(i, block, nodes)).Append("</div>\n");
            if (i + 1 < blocks.Count && i < drawn)
            {
                var labels = block.Leaving.Select(v => Escaped($"{nodes.Spell(v)}: {nodes.Edge(v)}"));
                body.Append("<div class=\"flow\">↓ ").AppendJoin(" · ", labels).Append("</div>\n");
            }
        }
        int operations = graph.Operations.Count(o => o.Constant is null);
        string head = $"{graph.Name}: {LevelNames.Of(graph.Level)}, {Counted.Grouped(operations, "operation")}"
            + (blocks.Count > 1 ? $" in {Counted.Of(blocks.Count, "block")}" : "");
        string legend = string.Concat(
            PictureNode.Kinds.Skip(2).Select(k => $"<span class=\"key\" style=\"background:{k.Colour}\">{k.Kind}</span>"));
        return new(Escaped(head), legend, body.ToString(), Facts(facts), drawn, blocks.Count);
    }

    /// <summary>Blocks whose names are told, of those that are not drawn.</summary>
    private const int MostTold = 200;

    private const string SvgSpace = "http:" + "//www.w3.org/2000/svg";

    private static List<(PictureNodes Nodes, PictureBlock Block, ILookup<Value, string> Results)> Parts(
        Graph graph, bool folds, PictureNames? named = null)
    {
        var (nodes, names) = (new PictureNodes(graph, named), OutputSignature.Names(graph));
        var results = graph.Outputs.Index().ToLookup(o => o.Item, o => names[o.Index]);
        return [.. PictureBlocks.Of(graph, folds).Select(block => (nodes, block, results))];
    }

    private static string Summary(int i, PictureBlock block, PictureNodes nodes)
    {
        if (block.Operations.Count == 0) return "nothing is computed";
        var kinds = block.Operations.GroupBy(o => o.Spec.Name.Split('.')[^1], StringComparer.Ordinal).OrderByDescending(g => g.Count())
            .ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Count() == 1 ? g.Key : $"{Numbers.Format(g.Count())}× {g.Key}");
        string from = nodes.Spell(block.Operations[0].Results[0]), to = nodes.Spell(block.Operations[^1].Results[0]);
        return string.Create(CultureInfo.InvariantCulture,
            $"<b>{i + 1}</b> {Escaped(from)} … {Escaped(to)} <span class=\"kinds\">{Escaped(Listing.Of([.. kinds], 6))}</span>");
    }

    private static string Size(BlockPicture picture) => string.Create(CultureInfo.InvariantCulture,
        $"width=\"{picture.Width:0}\" height=\"{picture.Height:0}\" viewBox=\"0 0 {picture.Width:0} {picture.Height:0}\"");

    /// <summary>Text and details of every box, as a list that a script can hold.</summary>
    private static string Facts(List<PictureNode> nodes) =>
        JsonSerializer.Serialize(nodes.Select(n => n.Details.Prepend(n.Text).Select(Printable.Escape).ToArray()));

    internal static string Colours() => string.Concat(PictureNode.Kinds.Select(k => $".n.{k.Kind} rect{{fill:{k.Colour}}}"));

    private static string DotText(string text) => Quoted.Write(text);

    private static string Escaped(string text) => WebUtility.HtmlEncode(Printable.Escape(text));
}
