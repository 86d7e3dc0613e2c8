using CortexMl.Cvm;
using CortexMl.Ir;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cvm;

public sealed class RoundTripTests
{
    [Theory]
    [InlineData(CvmVersions.V100)]
    [InlineData(CvmVersions.V110)]
    public void Emitting_what_was_read_gives_the_same_bytes(string version)
    {
        var options = new CvmEmitOptions { Version = version };
        var once = CvmEmitter.Emit(Samples.Convolution(), options);
        var model = CvmReader.Read(once.Symbol, once.Params).ModelOrThrow();
        var twice = CvmEmitter.Emit(model.Graph, options);
        Assert.Equal(version, model.Version);
        Assert.Equal(once.Symbol, twice.Symbol);
        Assert.Equal(once.Params, twice.Params);
    }

    [Fact]
    public void Reading_gives_the_graph_that_was_emitted()
    {
        var written = Samples.Convolution();
        var files = CvmEmitter.Emit(written);
        var read = CvmReader.Read(files.Symbol, files.Params).ModelOrThrow().Graph;
        Assert.Empty(Verifier.Check(read).Items);
        Assert.Equal(Lines(written), Lines(read));
    }

    [SkippableFact]
    public void Every_vector_that_loads_is_written_and_read_again()
    {
        int count = 0;
        foreach (string folder in Directory.GetDirectories(SharedData.Folder("cvm", "vectors")))
        {
            if (CvmReader.ReadFolder(folder).Model is not { } model) continue;
            var once = CvmEmitter.Emit(model.Graph);
            var again = CvmReader.Read(once.Symbol, once.Params);
            Assert.True(again.Model is not null, $"{folder}: {string.Join('\n', again.Findings)}");
            Assert.True(once.Symbol.AsSpan().SequenceEqual(CvmEmitter.Emit(again.Model.Graph).Symbol), folder);
            Assert.Equal(model.Graph.Outputs.Select(o => o.Type.ToString()), again.Model.Graph.Outputs.Select(o => o.Type.ToString()));
            count++;
        }
        Assert.True(count > 600, $"only {count} vectors load");
    }

    private static IEnumerable<string> Lines(Graph graph) => graph.Operations.Select(o =>
        $"{o.Spec.Name} {string.Join(", ", o.Attributes.Where(a => a.Key != RowCheck.Slot.Name))} {string.Join(", ", o.Results.Select(r => r.Type))} {o.Constant?.Digest}");
}
