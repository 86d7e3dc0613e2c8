using System.Reflection;
using CortexMl.Auditing;
using CortexMl.Benchmarks;
using CortexMl.Chaining;
using CortexMl.Comparing;
using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnosing;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Golden;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Runs;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

/// <summary>What measures, compares and looks for things ends when it is asked to; compiling and running: see CancellationTests.</summary>
public sealed class ToolCancellationTests : IDisposable
{
    private static readonly string s_digits = Repository.Path("golden", "models", "mnist-dapp");
    private static readonly string s_network = Path.Combine(s_digits, "mnist-dapp.onnx");

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _source = new();

    public void Dispose()
    {
        _source.Dispose();
        _folder.Dispose();
    }

    /// <summary>Whoever tells his progress takes long.</summary>
    [Fact]
    public void Everything_public_that_tells_its_progress_can_be_ended()
    {
        var told = typeof(Compiler).Assembly.GetExportedTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(m => m.GetParameters().Any(p => p.ParameterType == typeof(IProgressSink))).ToList();
        Assert.True(told.Count >= 10, $"only {told.Count}");
        Assert.Empty(told.Where(m => !Takes(m) && !(!m.IsStatic && m.DeclaringType!.GetConstructors().All(Takes)))
            .Select(m => $"{m.DeclaringType}.{m.Name}"));

        static bool Takes(MethodBase made) => made.GetParameters().Any(p => HasToken(p.ParameterType));
    }

    [Fact]
    public void Measuring_ends_between_runs()
    {
        var compiled = Compiled();
        var options = new RunOptions { Engine = "interpreter", Threads = 1, Cancellation = _source.Token };
        _source.CancelAfter(TimeSpan.FromMilliseconds(50));
        // It would take days.
        Assert.ThrowsAny<OperationCanceledException>(() => Benchmark.Run(compiled, options, [], new DiagnosticBag(), runs: int.MaxValue));
        Assert.ThrowsAny<OperationCanceledException>(() => Benchmark.Run(compiled, options, ["cpu"], new DiagnosticBag(), runs: 1));
        var again = Benchmark.Run(compiled, options with { Cancellation = default }, ["cpu"], new DiagnosticBag(), runs: 1);
        Assert.Equal((1, 1), (again.Runs, again.Against.Count));
    }

    [Fact]
    public void Doctor_ends_between_preparations()
    {
        var data = new DataOptions(Path.Combine(s_digits, "test-images.npy")) { Labels = Path.Combine(s_digits, "test-labels.npy") };
        var seen = new Listener("try preparations", done => { if (done == 2) _source.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Doctor.Run(s_network, new ModelOptions(), data, 20, new DiagnosticBag(), seen, _source.Token));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void A_guess_ends_with_its_doctor()
    {
        var hints = new RunHints
        {
            Data = Path.Combine(s_digits, "calibration.npy"), Test = Path.Combine(s_digits, "test-images.npy"),
            Labels = Path.Combine(s_digits, "test-labels.npy"),
        };
        var seen = new Listener("try preparations", done => { if (done == 1) _source.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => RunGuess.Of(
            s_network, new ModelOptions(), hints, _folder.Path, (_, guess) => guess, new DiagnosticBag(), seen, _source.Token));
        Assert.Equal(1, seen.Count);
    }

    /// <summary>As it is loaded, of the quant level, and as integers.</summary>
    [Theory]
    [InlineData("fold-constants")]
    [InlineData("quantize")]
    [InlineData(null)]
    public void A_comparison_ends_between_samples(string? stage)
    {
        var request = new ComparisonRequest(s_network, null) { Stage = stage, Random = 5, Cancellation = _source.Token };
        var seen = new Listener("compare", done => { if (done == 2) _source.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => NetworkComparison.Run(request, new DiagnosticBag(), seen));
        Assert.Equal(2, seen.Count);
        var report = NetworkComparison.Run(request with { Cancellation = default }, new DiagnosticBag(), NoProgress.Instance);
        Assert.Equal(5, report.Samples);
    }

    [Fact]
    public void A_comparison_ends_while_it_compiles()
    {
        var request = new ComparisonRequest(s_network, null) { Cancellation = _source.Token };
        var seen = new Listener("calibrate", done => { if (done == 1) _source.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => NetworkComparison.Run(request, new DiagnosticBag(), seen));
        Assert.Equal(1, seen.Count);
    }

    [Fact]
    public void A_bisection_ends_between_questions()
    {
        var request = new ComparisonRequest(s_network, null) { Random = 2, Cancellation = _source.Token };
        var seen = new Listener("bisect", done => { if (done == 1) _source.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => Bisection.Run(request, "db > 300", null, new DiagnosticBag(), seen));
        Assert.Equal(2, seen.Count);
    }

    [Fact]
    public void A_graph_is_made_smaller_until_the_end()
    {
        int asked = 0;
        int Own(IReadOnlyList<string> words)
        {
            if (++asked == 3) _source.Cancel();
            return asked == 1 ? 0 : 1;
        }
        Assert.ThrowsAny<OperationCanceledException>(() =>
            Reduction.Run(ModelLoader.Load(s_network).Graph, "cortexml x", 0, Own, NoProgress.Instance, _source.Token));
        Assert.Equal(3, asked);
    }

    [SkippableFact]
    public void A_program_that_judges_graphs_is_ended()
    {
        Skip.If(OperatingSystem.IsWindows(), "no command that waits");
        _source.CancelAfter(TimeSpan.FromMilliseconds(50));
        // It would wait for a day.
        Assert.ThrowsAny<OperationCanceledException>(() => Reduction.Run(
            ModelLoader.Load(s_network).Graph, "sh -c 'sleep 86400' {}", 0, null, NoProgress.Instance, _source.Token));
    }

    [Fact]
    public void A_pipeline_on_a_text_ends_between_passes()
    {
        var graph = ModelLoader.Load(s_network).Graph;
        var passes = new Ending(_source);
        Assert.ThrowsAny<OperationCanceledException>(() => Optimizer.Run(
            [graph], Pipeline.Parse("dead-code,canonicalize"), [], [passes], new(), new DiagnosticBag(), NoProgress.Instance,
            _source.Token));
        Assert.Equal(["dead-code"], passes.Begun);
    }

    [Fact]
    public void Golden_cases_end_one_by_one_and_nothing_is_blessed()
    {
        string file = _folder["cases.cml"], text = string.Concat(Enumerable.Range(0, 9).Select(i => $"//-  {i}\n//! upper\nx\n//=\ny\n"));
        File.WriteAllText(file, text.Replace("//-  0\n", "", StringComparison.Ordinal));
        string before = File.ReadAllText(file);
        var commands = new Upper(_source, 3);
        var tests = GoldenRunner.Discover([file], null, commands, new DiagnosticBag());
        Assert.ThrowsAny<OperationCanceledException>(() =>
            GoldenRunner.Run(tests, commands, bless: true, jobs: 1, cancellation: _source.Token));
        Assert.Equal((3, before), (commands.Count, File.ReadAllText(file)));
    }

    [Fact]
    public void What_runs_a_model_once_does_not_begin_after_the_end()
    {
        var compiled = Compiled();
        var inputs = RandomInputs.Of(compiled.Graph, 0);
        var transcript = TranscriptRun.Record(compiled, inputs, _source.Token);
        _source.Cancel();
        var options = new RunOptions { Cancellation = _source.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => TranscriptRun.Record(compiled, inputs, _source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => TranscriptRun.RecordValues(compiled, inputs, _source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Audit.Recompute(transcript, compiled, inputs, _source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => Simulation.Run(Folder(), new byte[800], null, options));
    }

    private static bool HasToken(Type type) =>
        type == typeof(CancellationToken) || type.GetProperties().Any(p => p.PropertyType == typeof(CancellationToken))
        || (type.IsGenericType && type.GetGenericArguments().Any(HasToken))
        || type.GetProperty("Options")?.PropertyType == typeof(RunOptions);

    private static Model Compiled() => Result().Model;

    private static CompileResult Result() =>
        Compiler.Compile(ModelLoader.Load(s_network), new CompileOptions { RandomSamples = 2, WritesPage = false });

    private Model Folder()
    {
        OutputFolder.Write(_folder["out"], Result().Files, [.. Compiler.OwnedFiles]);
        return ChainModel.Load(_folder["out"]);
    }

    /// <summary>Counts what is told of a stage.</summary>
    private sealed class Listener(string begins, Action<long> hear) : IProgressSink
    {
        public int Count { get; private set; }

        public void Report(string stage, long done, long total)
        {
            if (!stage.StartsWith(begins, StringComparison.Ordinal)) return;
            Count++;
            hear(done);
        }
    }

    /// <summary>Asks for the end after the first pass.</summary>
    private sealed class Ending(CancellationTokenSource source) : IPassInstrumentation
    {
        public List<string> Begun { get; } = [];

        public void Before(PassInfo pass, PassOptions options, Graph graph) => Begun.Add(pass.Name);

        public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites) => source.Cancel();
    }

    private sealed class Upper(CancellationTokenSource source, int last) : IGoldenCommands
    {
        public int Count { get; private set; }

        public void Check(IReadOnlyList<string> words)
        {
        }

        public GoldenOutput Run(GoldenInput input)
        {
            if (++Count == last) source.Cancel();
            return new(input.Text.ToUpperInvariant(), []);
        }
    }
}
