using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Passes;

namespace CortexMl.Comparing;

/// <summary>A network after a pass.</summary>
/// <param name="Step">Which pass it is of those that ran, from 1.</param>
/// <param name="Rewrites">That the pass made.</param>
/// <param name="Notes">Of those that replaced a value.</param>
internal sealed record NetworkStage(int Step, string Pass, Model Model, long Rewrites, IReadOnlyList<RewriteNote> Notes);

/// <summary>What a pipeline makes of a network, pass by pass, without any file.</summary>
internal static class NetworkStages
{
    /// <summary>The network after the first run of a pass, or after the run that <c>canonicalize#2</c> counts.</summary>
    /// <param name="pass">Null for the end of the pipeline.</param>
    /// <exception cref="DiagnosticException">CML0902: the pipeline has no such pass; and what compiling finds.</exception>
    public static Model After(string? pass, Model loaded, CompileOptions options, DiagnosticBag notes, IProgressSink progress)
    {
        var pipeline = CompilePipeline.Of(loaded.Graph, options);
        int last = pass is null ? pipeline.Steps.Count - 1 : Find(pipeline, pass);
        string name = pass is null ? $"{loaded.Name} compiled" : $"{loaded.Name} after {pass}";
        return After(last, loaded, options, notes, progress) with { Name = name };
    }

    /// <param name="last">Place of the last step that runs, from 0.</param>
    public static Model After(int last, Model loaded, CompileOptions options, DiagnosticBag notes, IProgressSink progress)
    {
        var pipeline = CompilePipeline.Of(loaded.Graph, options);
        string[] names = [.. pipeline.Steps.Take(last + 1).Select(step => step.Pass)];
        var cut = options with { Pipeline = new Pipeline([.. pipeline.Steps.Take(last + 1)]), StopAfter = null, IsForGraph = true };
        return Compiler.Compile(Copy(loaded), cut with { Skip = [.. options.Skip.Where(names.Contains)] }, notes, progress).Model;
    }

    /// <summary>Every stage, and what the whole pipeline made.</summary>
    /// <param name="loaded">Its values are marked, so that the stages can be compared with it.</param>
    /// <exception cref="DiagnosticException">What compiling finds.</exception>
    public static (IReadOnlyList<NetworkStage> All, CompileResult End) All(
        Model loaded, CompileOptions options, DiagnosticBag notes, IProgressSink progress)
    {
        var keeper = new StageKeeper();
        var keeping = options with { IsForGraph = true, Instrumentations = [.. options.Instrumentations, keeper] };
        var end = Compiler.Compile(Copy(loaded), keeping, notes, progress);
        return ([.. keeper.Kept.Select(k => new NetworkStage(k.Step, k.Pass, ModelOf(k.Pass, k.Graph), k.Rewrites, k.Notes))], end);

        Model ModelOf(string pass, Graph graph) => new($"{loaded.Name} after {pass}", graph)
        {
            Io = graph.Level == Level.Cvm ? end.Model.Io : null, MaxMemory = loaded.MaxMemory,
        };
    }

    private static Model Copy(Model loaded)
    {
        Provenance.Mark(loaded.Graph);
        return loaded with { Graph = GraphCopy.Of(loaded.Graph) };
    }

    private static int Find(Pipeline pipeline, string pass)
    {
        string[] parts = pass.Split('#', 2);
        int[] runs = [.. pipeline.Steps.Index().Where(s => s.Item.Pass == parts[0]).Select(s => s.Index)];
        int number = parts.Length == 1 ? 1 : int.TryParse(parts[1], out int given) ? given : 0;
        if (runs.Length > 0 && number >= 1 && number <= runs.Length) return runs[number - 1];
        string? near = Nearest.Hint(parts[0], pipeline.Steps.Select(s => s.Pass));
        throw new DiagnosticException(DiagnosticCodes.UnknownPass, runs.Length == 0
            ? $"the pipeline has no pass '{parts[0]}'" : $"pass '{parts[0]}' runs {Counted.Of(runs.Length, "time")}, not {parts[1]}",
            hint: near is null ? $"pipeline: {pipeline}" : $"{near}");
    }

    private sealed class StageKeeper : IPassInstrumentation
    {
        private readonly List<(int Step, string Pass, Graph Graph, long Rewrites, IReadOnlyList<RewriteNote> Notes)> _kept = [];
        private List<RewriteNote> _notes = [];

        public IReadOnlyList<(int Step, string Pass, Graph Graph, long Rewrites, IReadOnlyList<RewriteNote> Notes)> Kept => _kept;

        public bool WatchesRewrites => true;

        public void Rewrote(RewriteNote note) => _notes.Add(note);

        public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites)
        {
            _kept.Add((_kept.Count + 1, $"{pass.Name}{options}", GraphCopy.Of(graph), rewrites, _notes));
            _notes = [];
        }
    }
}
