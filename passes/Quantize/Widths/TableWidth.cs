using CortexMl.Ir;
using CortexMl.Passes.Quantize.Channels;
using CortexMl.Passes.Quantize.Tables;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>
/// How many bits the index of every lookup table has (passes/Quantize/README.md §11): one decision for the whole network, since a table
/// costs as much in a large layer as in a small one.
/// </summary>
/// <param name="Precision">Bits, as quantize is told them.</param>
/// <param name="Tables">What each operation that becomes one is with them, in the order of the graph.</param>
internal sealed record TableWidth(int Precision, IReadOnlyList<LookupTable> Tables)
{
    /// <summary>Of an element of a constant, for its memory (CortexMl.Cvm/SPECIFICATION.md §10).</summary>
    private const long Element = 5;

    private static readonly int[] s_wider = [12, 14];

    /// <summary>The usual one, and then what may be chosen instead; none where there are no tables.</summary>
    public static IReadOnlyList<TableWidth> Of(Graph graph, ChannelScales channels)
    {
        var settings = QuantizeSettings.Default;
        TableWidth[] all =
        [
            .. s_wider.Prepend(settings.TablePrecision).Select(bits => With(graph, settings with { TablePrecision = bits }, channels)),
        ];
        return all[0].Tables.Count > 0 ? all : [];
    }

    /// <summary>Gas of the tables' memory.</summary>
    public long Gas => Tables.Sum(t => Element * (2 * Precisions.Bound(t.Index.Precision) + 1));

    private static TableWidth With(Graph graph, QuantizeSettings settings, ChannelScales channels)
    {
        var demands = new Demands(settings, channels);
        var operations = graph.Operations.Where(o => o.Constant is null);
        return new(settings.TablePrecision,
            [.. operations.Select(o => LoweringTable.Find(o)?.Table(o, demands)).OfType<LookupTable>()]);
    }
}

/// <summary>What choose-widths chose for the index of lookup tables: among <see cref="PassServices.Results"/> for quantize.</summary>
internal sealed record ChosenTables(int Precision);
