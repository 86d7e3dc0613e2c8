using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;
using CortexMl.Tensors;

namespace CortexMl.Passes;

/// <summary>
/// What callers of a network rely on, and a pass leaves as it is unless its record says that it does not (<see cref="PassInfo.Alters"/>).
/// </summary>
[Flags]
public enum GraphContract
{
    None = 0,

    /// <summary>Number, order, names and shapes of the inputs.</summary>
    Inputs = 1,

    /// <summary>
    /// Number, order and shapes of the results. Their names stay always: the pass manager writes them down where values lose them.
    /// </summary>
    Results = 2,

    /// <summary>Precisions of inputs and results, below the float level.</summary>
    Precisions = 4,

    /// <summary>Scales of inputs and results, below the float level.</summary>
    Scales = 8,
}

/// <summary>A graph as its callers see it: what <see cref="GraphContract"/> speaks of, at one moment.</summary>
internal sealed class GraphInterface
{
    private readonly Level _level;
    private readonly IReadOnlyList<Port> _inputs, _results;

    /// <summary>Names of results that have one, by position; null for values that print as a number.</summary>
    private readonly IReadOnlyList<string?> _names;

    private GraphInterface(Graph graph)
    {
        _level = graph.Level;
        _inputs = [.. graph.Inputs.Select(input => Port.Of(input, input.Name))];
        _results = [.. graph.Outputs.Select(result => Port.Of(result, null))];
        var names = OutputSignature.Names(graph);
        bool IsNamed(Value result, int k) => result.Name is not null || OutputSignature.NameOf(graph, k) is not null;
        _names = [.. graph.Outputs.Select((result, k) => IsNamed(result, k) ? names[k] : null)];
    }

    public static GraphInterface Of(Graph graph) => new(graph);

    /// <summary>Gives results the names that they had, where a pass put a value of another name in their place.</summary>
    public void KeepNames(Graph graph, Rewriter rewriter)
    {
        if (graph.Outputs.Count != _names.Count) return;
        var names = OutputSignature.Names(graph);
        if (_names.Zip(names).All(pair => pair.First is null || pair.First == pair.Second)) return;
        rewriter.SetGraphAttributes(OutputSignature.Named(graph, _names.Zip(names, (own, now) => own ?? now)));
    }

    /// <summary>What is no longer as it was, one line each; empty where all is, or the record says so.</summary>
    public IReadOnlyList<string> Broken(Graph graph, GraphContract alters)
    {
        var now = new GraphInterface(graph);
        bool hasNumbers = _level != Level.Float;
        var problems = new List<string>();
        Compare("input", _inputs, now._inputs, GraphContract.Inputs);
        Compare("result", _results, now._results, GraphContract.Results);
        return problems;

        void Compare(string what, IReadOnlyList<Port> before, IReadOnlyList<Port> after, GraphContract shapes)
        {
            if (before.Count != after.Count)
            {
                if (!alters.HasFlag(shapes)) problems.Add($"{Counted.Of(before.Count, what)} became {Numbers.Format(after.Count)}");
                return;
            }
            foreach (var (k, (old, own)) in before.Zip(after).Index())
            {
                if (!alters.HasFlag(shapes) && (old.Name, old.Shape) != (own.Name, own.Shape)) Add(k, old.Outline, own.Outline);
                if (!hasNumbers) continue;
                if (!alters.HasFlag(GraphContract.Precisions) && old.Precision != own.Precision)
                    Add(k, $"i{Numbers.Format(old.Precision)}", $"i{Numbers.Format(own.Precision)}");
                if (!alters.HasFlag(GraphContract.Scales) && !Equals(old.Scale, own.Scale)) Add(k, $"@ {old.Scale}", $"@ {own.Scale}");
            }

            void Add(int k, string was, string @is) => problems.Add($"{what} {Numbers.Format(k)} was {was} and is {@is}");
        }
    }

    /// <param name="Name">Of inputs alone.</param>
    /// <param name="Shape">With one dimension at least: one element without any is [1] below the float level.</param>
    private sealed record Port(string? Name, Shape Shape, int Precision, Scale? Scale)
    {
        public string Outline => Name is null ? $"{Shape}" : $"'{Name}' {Shape}";

        public static Port Of(Value value, string? name)
        {
            var shape = value.Type.Shape.Rank == 0 ? Shape.Of(1) : value.Type.Shape;
            return new(name, shape, value.Type.Element.IsInteger ? value.Type.Precision : 0, value.Type.Scale);
        }
    }
}
