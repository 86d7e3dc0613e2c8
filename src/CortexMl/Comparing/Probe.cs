using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Comparing;

/// <summary>Asks whether a condition holds of stages of one network.</summary>
internal sealed class Probe
{
    private readonly Condition _condition;
    private readonly Model _loaded;
    private readonly ISampleSource _samples;
    private readonly RunOptions _running;
    private readonly TextProgram? _program;

    /// <summary>What the stages' classes are compared with: labels, or what the loaded network says.</summary>
    private readonly IReadOnlyList<int>? _classes;

    /// <param name="own">Runs a command line of this program.</param>
    /// <exception cref="DiagnosticException">CML0927: accuracy of data without labels.</exception>
    public Probe(Condition condition, Model loaded, ISampleSource samples, RunOptions running, Func<IReadOnlyList<string>, int>? own)
    {
        (_condition, _loaded, _samples, _running) = (condition, loaded, samples, running);
        if (condition.Figure is null) _program = new TextProgram(condition.Command, own, running.Cancellation);
        else if (condition.Figure == Figure.Agreement) _classes = Classes(loaded);
        else if (condition.Figure == Figure.Accuracy)
            _classes = [.. samples.Read().Select(s => s.Label ?? throw new DiagnosticException(LibraryCodes.Labels,
                $"accuracy needs labels: {s.Name} has none", hint: "pass --labels, or ask for agreement with the loaded network"))];
    }

    /// <returns>Whether the condition holds; the figure, where it is one.</returns>
    public (bool Holds, double? Figure) Ask(Model stage)
    {
        if (_program is not null) return (_program.Run(stage.Graph) == 0, null);
        double figure = _condition.Figure is Figure.Accuracy or Figure.Agreement ? Share(stage) : Decibels(stage);
        return (_condition.Holds(figure), figure);
    }

    private double Share(Model stage)
    {
        var said = Classes(stage);
        return said.Zip(_classes!).Count(pair => pair.First == pair.Second) / (double)said.Count;
    }

    /// <summary>Infinite where there is no noise at all.</summary>
    private double Decibels(Model stage)
    {
        var report = NodeComparison.Run(_loaded, _samples, stage, _samples, null, _running, NoProgress.Instance);
        bool isForAll = _condition.Figure == Figure.NodeDecibels;
        return report.Nodes.Where(n => isForAll || n.IsOutput).Select(n => n.NoiseRatio ?? double.PositiveInfinity)
            .DefaultIfEmpty(double.PositiveInfinity).Min();
    }

    private List<int> Classes(Model model)
    {
        using var run = ValueRun.Of(model, [model.Graph.Outputs[0]], _running);
        return [.. _samples.Read().Select(sample =>
        {
            _running.Cancellation.ThrowIfCancellationRequested();
            double[] scores = run.Run(sample)[0].Reals();
            return Ranking.Top1(Tensor.Create(Shape.Of(scores.Length), scores));
        })];
    }
}
