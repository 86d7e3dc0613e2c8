using CortexMl.Conformance;
using CortexMl.Diagnostics;
using CortexMl.Engines;
using CortexMl.Engines.Interpreter;
using CortexMl.Engines.OnnxInteger;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ir;
using CortexMl.RandomGraphs;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.OnnxInteger;

public sealed class OnnxIntegerEngineTests
{
    private const string Doubled = """
        graph @g(%x: i8[3]) {
          %y = cvm.elemwise_add(%x, %x)
          return %y
        }
        """;

    /// <summary>Of every operator; vectors whose reference never answers among them.</summary>
    [Fact]
    public void Every_vector_of_golden_agrees() => Agree(Repository.Path("golden", "cvm"), mostRefused: 0);

    [SkippableFact]
    public void Every_vector_of_the_reference_agrees() => Agree(SharedData.Folder("cvm", "vectors"), mostRefused: 12);

    /// <summary>At most boxes of 32 bits and products of more than 8 are refused, which random graphs have now and then.</summary>
    [Fact]
    public void Any_graph_gives_the_interpreters_numbers()
    {
        const int Graphs = 90, MostRefused = 20;
        Gen<Graph>[] kinds =
            [OperatorGenerator.Graphs, LayerGenerator.Networks.Select(network => network.Graph), GraphGenerator.At(Level.Cvm)];
        int refused = 0;
        for (int i = 0; i < Graphs; i++)
        {
            var graph = kinds[i % kinds.Length].Generate(new PCG((uint)i, 1), null, out _);
            try
            {
                GraphCheck.Check(graph, OnnxIntegerDescription.EngineName);
            }
            catch (DiagnosticException error)
            {
                refused++;
                Assert.All(error.Diagnostics, IsKnown);
            }
        }
        Assert.InRange(refused, 0, MostRefused);
    }

    [Fact]
    public void Inputs_beyond_their_precision_are_clamped_as_the_CVM_does_it()
    {
        using var engine = Engine().Prepare(TextParser.ParseOne(Doubled));
        Assert.Equal([-254, 10, 254], engine.Run([Tensor.Vector(-128, 5, 30_000)])[0].Data);
    }

    [Fact]
    public void Inputs_that_do_not_fit_are_told()
    {
        using var engine = Engine().Prepare(TextParser.ParseOne(Doubled));
        var error = Assert.Throws<DiagnosticException>(() => engine.Run([Tensor.Vector(1, 2)]));
        Assert.Equal("input 'x' has shape [2], the graph takes [3]", error.Diagnostics[0].Message);
    }

    [Fact]
    public void More_memory_than_allowed_is_refused_before_anything_is_written()
    {
        var engine = new OnnxIntegerEngine(ExactExporter.Instance, new OnnxIntegerOptions { MaxBytes = 71 });
        var error = Assert.Throws<DiagnosticException>(() => engine.Prepare(TextParser.ParseOne(Doubled)));
        Assert.Equal(EngineCodes.TooMuchMemory, error.Diagnostics[0].Code);
    }

    private static OnnxIntegerEngine Engine() => new(ExactExporter.Instance);

    /// <summary>What has no exact form runs on the interpreter: products of more than 8 bits, boxes of 32, as many as are known.</summary>
    private static void Agree(string vectors, int mostRefused)
    {
        var refused = new List<Diagnostic>();
        var runner = new CaseRunner(InterpreterProfile.Definition, Prepare);
        var failures = Directory.GetDirectories(vectors).Order(StringComparer.Ordinal)
            .Select(folder => (Name: Path.GetFileName(folder), Lines: runner.Run(folder))).Where(c => c.Lines.Count > 0).ToList();
        Assert.True(failures.Count == 0, string.Join('\n', failures.Select(f => $"{f.Name}: {string.Join("; ", f.Lines)}")));
        Assert.All(refused, IsKnown);
        Assert.True(refused.Count <= mostRefused, $"{refused.Count} refusals: {string.Join("; ", refused.Select(r => r.Message))}");

        IExecutable Prepare(Graph graph)
        {
            try
            {
                return Engine().Prepare(graph);
            }
            catch (DiagnosticException error)
            {
                refused.AddRange(error.Diagnostics);
                return new InterpreterEngine().Prepare(graph);
            }
        }
    }

    private static void IsKnown(Diagnostic refusal)
    {
        Assert.Equal(OnnxCodes.NotExact, refusal.Code);
        Assert.Matches(@"^cvm\.(conv2d|dense|non_max_suppression) has no exact form", refusal.Message);
    }
}
