using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Picturing;
using CortexMl.Reports;

namespace CortexMl.Pages;

/// <summary>The compiled graph, drawn as <c>print --format html</c> draws it.</summary>
internal static class GraphSection
{
    /// <summary>Characters of drawings: a graph of thousands of operations is drawn from its beginning and told to its end.</summary>
    private const int MostCharacters = 1_000_000;

    /// <returns>The section, and the script that knows what its boxes say; null where there is no graph.</returns>
    public static (Html Section, string? Script) Of(PageSource page)
    {
        if (page.Graph is not { } graph) return (Html.Of($"<p class=\"note\">There is no graph to upload.</p>\n"), null);
        var parts = GraphPicture.Drawn(graph, Named(graph, page.Report), MostCharacters);
        var rest = parts.Drawn < parts.Blocks ? Html.Of($"""
            <p class="note">The first {Counted.Of(parts.Drawn, "block")} of {parts.Blocks:N0} are drawn;
            <code>cortexml print DIR --format html</code> draws all.</p>

            """) : Html.Empty;
        var section = Html.Of($"""
            <p>{new Html(parts.Head)}. Click at a box for attributes, constants and proven range.</p>
            <div class="tools"><button id="open" type="button">open all</button><button id="close" type="button">close all</button>
            <input id="find" type="search" placeholder="find a value or operator" aria-label="find a value or operator"></div>
            <div class="legend">{new Html(parts.Legend)}</div>{rest}
            <div class="drawn"><div class="blocks">{new Html(parts.Body)}</div>
            <aside aria-live="polite"><p>nothing is chosen</p></aside></div>

            """);
        return (section, $"\nconst facts = {parts.Facts};\n{PageParts.Script}\n");
    }

    /// <summary>The names of model.cml, where the report belongs to this graph: the symbol knows none.</summary>
    private static PictureNames? Named(Graph graph, CompileReport report)
    {
        if (LayerNames.Matching(graph, report) is not { } costs) return null;
        Dictionary<Value, string> values = [], layers = [];
        foreach (var (operation, cost) in DetailMeasure.Operations(graph).Zip(costs))
        {
            values[operation.Results[0]] = cost.Value;
            foreach (var result in operation.Results) layers[result] = cost.Layer;
        }
        return new(values, layers);
    }
}
