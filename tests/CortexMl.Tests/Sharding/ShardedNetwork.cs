using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Sharding;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;

namespace CortexMl.Tests.Sharding;

/// <summary>A small float network, what it is compiled to, and random data, to be evaluated at once or in parts.</summary>
internal sealed class ShardedNetwork : IDisposable
{
    private static readonly RunOptions s_options = new() { Engine = "interpreter", Threads = 2 };

    private readonly TemporaryFolder _folder = new();
    private readonly DataOptions _data;

    /// <param name="text">A network; its first input takes the data.</param>
    /// <param name="samples">How many; bytes at random.</param>
    /// <param name="labels">Lines of a file of labels; null for none.</param>
    public ShardedNetwork(string text, int samples, Random random, string? labels = null, string? metric = null)
    {
        var graph = TextParser.ParseOne(text);
        byte[] bytes = new byte[samples * (int)graph.Inputs[0].Type.Shape.Count];
        random.NextBytes(bytes);
        NpyWriter.Write(_folder["data.npy"], Tensor.Create(graph.Inputs[0].Type.Shape.With(0, samples), bytes));
        string? file = labels is null ? null : _folder.Write("labels.txt", labels);
        Metric = MetricTable.Given(metric);
        _data = new DataOptions(_folder["data.npy"])
        {
            Preprocessing = new Preprocessing { Scale = 1 / 255.0 }, Labels = file, LabelsAreClasses = Metric is not { TakesValues: true },
        };
        Float = new Model("net", graph);
        Integer = Compiler.Compile(new Model("net", TextParser.ParseOne(text)), new CompileOptions
        {
            Data = _data with { Labels = null }, Preprocessing = _data.Preprocessing, InputPrecision = 4, WritesPage = false,
        }).Model;
    }

    public Metric? Metric { get; }

    public Model Float { get; }

    public Model Integer { get; }

    /// <summary>Both models, each with its own view of the data.</summary>
    public IReadOnlyList<(Model Model, ISampleSource Samples)> Given() =>
        [.. new[] { Float, Integer }.Select(m => (m, (ISampleSource)SampleSource.Open(_data, m.Inputs, m.Io?.CalibratedOnBy(m.Inputs))))];

    public MetricQuestion? Question(SampleRange? range = null) =>
        Metric is null ? null : MetricQuestion.Of(Metric, _data.Labels, Given(), new DiagnosticBag(), range);

    /// <summary>The JSON of one run, and what it tells.</summary>
    public (string Json, IReadOnlyList<string> Notes) AtOnce()
    {
        var notes = new DiagnosticBag();
        return OnEngines((models, _) => (JsonText.Write(Evaluator.Run(models, NoProgress.Instance, notes, Question())), Told(notes)));
    }

    public byte[] Part(int index, int of)
    {
        var head = Head(new(index, of));
        return OnEngines((models, _) => EvaluationParts.Run(head, models, NoProgress.Instance, Question(head.Range)));
    }

    public PartHead Head(Shard shard)
    {
        var given = Given();
        return new(PartKind.Evaluation, PartHead.ThisCompiler, shard, given[0].Samples.Count, ["eval"],
            EvaluationParts.Facts(given, Metric, ""));
    }

    public string Write(string name, byte[] part) => _folder.Write(name, part);

    /// <summary>The JSON that parts in files become, and what is told.</summary>
    public (string Json, IReadOnlyList<string> Notes) Merged(IReadOnlyList<string> parts)
    {
        var notes = new DiagnosticBag();
        var given = Given();
        var set = PartSet.Open(parts);
        EvaluationParts.Check(set, Head(new(1, 1)));
        return (JsonText.Write(EvaluationParts.Merge(set, given, notes, Question(new(0, 0)))), Told(notes));
    }

    public void Dispose() => _folder.Dispose();

    private static List<string> Told(DiagnosticBag notes) => [.. notes.Items.Select(d => d.ToString())];

    private T OnEngines<T>(Func<IReadOnlyList<(EngineChoice, ISampleSource)>, bool, T> work)
    {
        var models = Given().Select(g => (EngineChoice.Of(g.Model, s_options), g.Samples)).ToList();
        try
        {
            return work(models, true);
        }
        finally
        {
            foreach (var (choice, _) in models) choice.Dispose();
        }
    }
}
