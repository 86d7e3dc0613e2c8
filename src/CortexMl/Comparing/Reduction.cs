using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Golden;
using CortexMl.Ir;
using CortexMl.Passes;

namespace CortexMl.Comparing;

/// <summary>What is left of a graph; the JSON of <c>cortexml reduce</c>.</summary>
/// <param name="Before">Operations, constants apart.</param>
/// <param name="Tries">How often the command was run.</param>
public sealed record ReductionReport(string Graph, int Before, int After, int Tries);

/// <summary>
/// Shrinks a graph while a condition holds: ends it earlier, begins it later, leaves operations out, until no single step is left that
/// keeps the condition.
/// </summary>
public static class Reduction
{
    /// <param name="command">Run on each smaller text; see <see cref="TextProgram"/>.</param>
    /// <param name="exit">The exit code that tells that what is looked for is still there.</param>
    /// <param name="own">Runs a command line of this program.</param>
    /// <param name="cancellation">Ends it: looked at before each try; a program that was started is ended too.</param>
    /// <exception cref="DiagnosticException">CML0981: the condition does not hold of the whole graph.</exception>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>.</exception>
    public static (Graph Graph, ReductionReport Report) Run(
        Graph graph, string command, int exit, Func<IReadOnlyList<string>, int>? own, IProgressSink progress,
        CancellationToken cancellation = default)
    {
        var words = CommandLineText.Words(command);
        if (words.Count == 0) throw new DiagnosticException(LibraryCodes.Condition, "the condition is empty", hint: Condition.Help);
        var program = new TextProgram(words, own, cancellation);
        int tries = 1, code = program.Run(graph);
        if (code != exit)
            throw new DiagnosticException(LibraryCodes.Condition,
                $"the condition does not hold of the whole graph: '{command}' ends with {code}, not {exit}",
                hint: "pass --exit N where another exit code than 0 tells what is looked for");
        int before = Count(graph);
        var smaller = Shrunk(graph, Holds);
        return (smaller, new(graph.Name, before, Count(smaller), tries));

        bool Holds(Graph candidate)
        {
            progress.Report($"reduce {graph.Name}, {Counted.Of(Count(candidate), "operation")}", ++tries, 0);
            return program.Run(candidate) == exit;
        }
    }

    /// <summary>The text, and beside it NAME.npz with constants that are too large for it; constants first.</summary>
    /// <exception cref="DiagnosticException">CML0103.</exception>
    public static void Write(Graph graph, string path)
    {
        string folder = Path.GetDirectoryName(path) ?? "";
        foreach (var file in ModelText.Alone(graph, Path.GetFileName(path), Path.GetFileNameWithoutExtension(path) + ".npz").Reverse())
            AtomicFile.Write(Path.Combine(folder, file.Name), file.Write);
    }

    /// <param name="holds">Asked of graphs that are legal at their level.</param>
    internal static Graph Shrunk(Graph graph, Func<Graph, bool> holds)
    {
        for (bool isSmaller = true; isSmaller;)
        {
            isSmaller = false;
            foreach (var step in (Func<Graph, IEnumerable<Func<Graph?>>>[])[Cuts.Ends, Cuts.Beginnings, Cuts.Omissions])
            {
                while (step(graph).Select(make => make()).FirstOrDefault(candidate => candidate is not null && IsSmaller(candidate, graph)
                    && !Verifier.Check(candidate).HasErrors && holds(candidate)) is { } found)
                    (graph, isSmaller) = (found, true);
            }
        }
        return graph;
    }

    private static bool IsSmaller(Graph candidate, Graph graph) => Size(candidate) < Size(graph);

    /// <summary>Operations first, then what else there is to read.</summary>
    private static long Size(Graph graph) =>
        1000L * Count(graph) + 10L * graph.Constants.Count() + graph.Inputs.Count + graph.Outputs.Count;

    private static int Count(Graph graph) => graph.Operations.Count(o => o.Constant is null);
}
