using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Text;
using CsCheck;

namespace CortexMl.RandomGraphs;

/// <summary>
/// Random graphs, one after the other, on an engine and on the interpreter. Graph number i of a seed is the same everywhere.
/// </summary>
public static class Campaign
{
    /// <summary>Seconds that are spent on making a failing graph smaller.</summary>
    private const int ShrinkSeconds = 30;

    /// <summary>
    /// All operators, networks as compilers make them, such with tables, and graphs over the operator table with odd names.
    /// </summary>
    private static readonly IReadOnlyList<Gen<Graph>> s_kinds =
        [OperatorGenerator.Graphs, LayerGenerator.Networks.Select(network => network.Graph),
            LayerGenerator.NetworksWithTables.Select(network => network.Graph), GraphGenerator.At(Level.Cvm)];

    /// <param name="first">Number of the first graph.</param>
    /// <param name="tell">Called after every graph with how many are done.</param>
    /// <returns>The first failure as text, with the smallest graph that was found to fail as well; null where there is none.</returns>
    /// <exception cref="DiagnosticException">There is no such engine or device.</exception>
    public static string? Run(string engine, int count, int seed, int first = 0, Action<int>? tell = null)
    {
        GraphCheck.Difference(TextParser.ParseOne("graph @smallest(%x: i8[1]) {\n  return %x\n}\n"), engine);
        for (int i = first; i < first + count; i++)
        {
            var kind = s_kinds[i % s_kinds.Count];
            var random = new PCG((uint)i, (ulong)seed);
            string start = random.ToString();
            try
            {
                GraphCheck.Check(kind.Generate(random, null, out _), engine);
            }
            catch (Exception failure)
            {
                return $"graph {i} of seed {seed}: {failure.Message}\n{Smallest(kind, engine, start)}";
            }
            tell?.Invoke(i + 1 - first);
        }
        return null;
    }

    private static string Smallest(Gen<Graph> kind, string engine, string start)
    {
        try
        {
            kind.Sample(graph => GraphCheck.Check(graph, engine), seed: start, time: ShrinkSeconds, threads: 1, print: GraphCheck.Text);
            return "it does not fail again";
        }
        catch (CsCheckException shrunk)
        {
            return $"{shrunk.InnerException?.Message}\n{shrunk.Message}";
        }
    }
}
