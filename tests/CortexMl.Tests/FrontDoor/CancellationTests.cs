using CortexMl.Compiling;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Files;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using CortexMl.Verifying;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

/// <summary>What takes long ends where it is when it is asked to, and leaves nothing behind.</summary>
public sealed class CancellationTests : IDisposable
{
    private static readonly string s_digits = Repository.Path("golden", "models", "mnist-dapp");

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _source = new();

    public void Dispose()
    {
        _source.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Compiling_does_not_begin_after_the_end()
    {
        _source.Cancel();
        var seen = new Listener(_ => { });
        Assert.ThrowsAny<OperationCanceledException>(() => Write(Network(), Options(), seen));
        Assert.Equal((0, false), (seen.Count, Directory.Exists(_folder["out"])));
    }

    [Fact]
    public void A_compilation_that_ended_while_it_calibrated_can_be_done_again_with_the_same_model()
    {
        var network = Network();
        string before = TextPrinter.Print(network.Graph);
        var seen = new Listener(done => { if (done == 3) _source.Cancel(); });
        Assert.ThrowsAny<OperationCanceledException>(() => Write(network, Options(), seen));
        Assert.Equal((3, false), (seen.Count, Directory.Exists(_folder["out"])));
        Assert.Equal(before, TextPrinter.Print(network.Graph));

        Write(network, Options() with { Cancellation = CancellationToken.None }, seen);
        var fresh = Compiler.Compile(Network(), Options() with { Cancellation = CancellationToken.None });
        foreach (string name in new[] { "symbol", "params" })
            Assert.Equal(Bytes(fresh.Files.Single(f => f.Name == name)), File.ReadAllBytes(_folder[$"out/{name}"]));
    }

    [Fact]
    public void A_token_that_is_not_used_changes_no_byte_and_leaves_the_model_alone()
    {
        var network = Network();
        var with = Compiler.Compile(network, Options());
        Assert.Equal(Level.Float, network.Graph.Level);
        var without = Compiler.Compile(network, Options() with { Cancellation = CancellationToken.None });
        Assert.Equal(Bytes(without.Files.Single(f => f.Name == "params")), Bytes(with.Files.Single(f => f.Name == "params")));
        Assert.Equal(Level.Cvm, network.Graph.Level);
    }

    [Fact]
    public void No_pass_begins_after_the_end()
    {
        var passes = new Passes(pass => { if (pass == "calibrate") _source.Cancel(); });
        var options = Options() with { Instrumentations = [passes] };
        Assert.ThrowsAny<OperationCanceledException>(() => Write(Network(), options, NoProgress.Instance));
        Assert.Equal("calibrate", passes.Begun[^1]);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void Measuring_ends_before_the_next_sample()
    {
        var samples = new Ending(new RandomSamples([Shape.Of(1, 1, 28, 28)], 9), 4, _source);
        var services = new PassServices
        {
            Samples = samples, FloatEvaluator = new PortableEvaluator(1), Cancellation = _source.Token,
        };
        Assert.ThrowsAny<OperationCanceledException>(() =>
            new PassManager(PassTable.Registry()).Run(Network().Graph, Pipeline.Parse("calibrate"), services));
        Assert.Equal(4, samples.Read);
    }

    [Fact]
    public void A_float_network_ends_between_operations()
    {
        var graph = Network().Graph;
        Value[] values = [.. graph.Operations.Where(o => o.Constant is null).Select(o => o.Result)];
        using var session = new PortableEvaluator(1) { Cancellation = _source.Token }.Prepare(graph, values);
        int shown = 0;
        Assert.ThrowsAny<OperationCanceledException>(() =>
            session.Run([Tensor.Zeros<float>(graph.Inputs[0].Type.Shape)], (_, _) => { if (++shown == 2) _source.Cancel(); }));
        Assert.Equal(2, shown);
    }

    /// <summary>Somebody else's, a timeout in a plugin: its pass failed.</summary>
    [Fact]
    public void An_end_that_nobody_asked_for_is_a_failure()
    {
        var samples = new Ending(new RandomSamples([Shape.Of(1, 1, 28, 28)], 9), 0, _source);
        var services = new PassServices { Samples = samples, FloatEvaluator = new PortableEvaluator(1) };
        samples.Thrown = new OperationCanceledException("too late");
        Assert.Throws<PassFailedException>(() =>
            new PassManager(PassTable.Registry()).Run(Network().Graph, Pipeline.Parse("calibrate"), services));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_evaluation_ends_between_samples(int threads)
    {
        var compiled = Compiled();
        var samples = new Ending(Test(compiled), 5, _source);
        using var choice = EngineChoice.Of(compiled, new RunOptions { Threads = threads, Cancellation = _source.Token });
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Run([(choice, samples)], NoProgress.Instance));
        Assert.InRange(samples.Read, 5, 5 + threads);
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.Run([(choice, samples)], NoProgress.Instance));

        using var again = EngineChoice.Of(compiled, new RunOptions { Threads = threads });
        Assert.Equal(20, Evaluator.Run([(again, Test(compiled))], NoProgress.Instance).Count);
    }

    [Fact]
    public void Testing_a_compilation_ends_between_samples()
    {
        var seen = new Listener(done => { if (done == 2) _source.Cancel(); }) { Stage = "run " };
        var test = new DataOptions(Path.Combine(s_digits, "test-images.npy")) { Limit = 500 };
        Assert.ThrowsAny<OperationCanceledException>(() => Write(Network(), Options() with { Test = test }, seen));
        Assert.InRange(seen.Count, 2, 2 + Environment.ProcessorCount);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Theory]
    [InlineData("interpreter")]
    [InlineData("cpu")]
    public void A_verification_ends_within_a_sample(string engine)
    {
        var compiled = Compiled();
        var inputs = EngineVerifier.SeededInputs(compiled, 2);
        int seen = 0;
        var variants = EngineVariants.Of(compiled, [engine], 0, _source.Token).Take(1).Select(v => v with
        {
            Prepare = observe => v.Prepare((value, tensor) =>
            {
                observe(value, tensor);
                if (++seen == 3) _source.Cancel();
            }),
        });
        Assert.ThrowsAny<OperationCanceledException>(() => EngineVerifier.Run(compiled, inputs, [.. variants], NoProgress.Instance));
        Assert.Equal(3, seen);
        Assert.ThrowsAny<OperationCanceledException>(() =>
            EngineVerifier.Run(compiled, inputs, [engine], NoProgress.Instance, cancellation: _source.Token));
        Assert.True(EngineVerifier.Run(compiled, inputs, [engine], NoProgress.Instance).Agrees);
    }

    [Fact]
    public void Inputs_of_a_verification_end_between_samples()
    {
        var compiled = Compiled();
        var samples = new Ending(Test(compiled), 3, _source);
        var options = new RunOptions { Cancellation = _source.Token };
        Assert.ThrowsAny<OperationCanceledException>(() => EngineVerifier.Inputs(compiled, samples, options));
        Assert.Equal(3, samples.Read);
    }

    private static Model Network() => ModelLoader.Load(Path.Combine(s_digits, "mnist-dapp.onnx"));

    private static Model Compiled() => Compiler.Compile(Network(), new CompileOptions { RandomSamples = 2, WritesPage = false }).Model;

    private static RandomSamples Test(Model compiled) => new([.. compiled.Inputs.Select(i => i.Shape)], 20);

    private CompileOptions Options() => new()
    {
        Data = new DataOptions(Path.Combine(s_digits, "calibration.npy")) { Limit = 16 },
        Preprocessing = new Preprocessing { Scale = 1 / 255.0 },
        Cancellation = _source.Token,
    };

    private void Write(Model model, CompileOptions options, IProgressSink progress) =>
        OutputFolder.Write(_folder["out"], Compiler.Compile(model, options, new DiagnosticBag(), progress).Files, [.. Compiler.OwnedFiles]);

    private static byte[] Bytes(OutputFile file)
    {
        using var stream = new MemoryStream();
        file.Write(stream);
        return stream.ToArray();
    }

    /// <summary>Counts the samples of a stage.</summary>
    private sealed class Listener(Action<long> hear) : IProgressSink
    {
        public string Stage { get; init; } = "calibrate";

        public int Count { get; private set; }

        public void Report(string stage, long done, long total)
        {
            if (!stage.StartsWith(Stage, StringComparison.Ordinal)) return;
            Count++;
            hear(done);
        }
    }

    private sealed class Passes(Action<string> after) : IPassInstrumentation
    {
        public List<string> Begun { get; } = [];

        public void Before(PassInfo pass, PassOptions options, Graph graph) => Begun.Add(pass.Name);

        public void After(PassInfo pass, PassOptions options, Graph graph, long rewrites) => after(pass.Name);
    }

    /// <summary>Asks for the end when its n-th sample is read.</summary>
    private sealed class Ending(ISampleSource samples, int last, CancellationTokenSource source) : ISampleSource
    {
        public int Read { get; private set; }

        public Exception? Thrown { get; set; }

        public string Description => samples.Description;

        public int Count => samples.Count;

        IEnumerable<Sample> ISampleSource.Read()
        {
            if (Thrown is not null) throw Thrown;
            foreach (var sample in samples.Read())
            {
                if (++Read == last) source.Cancel();
                yield return sample;
            }
        }
    }
}
