using CortexMl.Data;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Tallying;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Evaluating;

/// <summary>Evaluation goes block by block: what a block made is dropped before the next one runs.</summary>
public sealed class BlockwiseTests
{
    [Fact]
    public void No_more_outputs_are_there_than_those_of_a_block()
    {
        const int Size = 8, Samples = 200;
        var outputs = new List<WeakReference>();
        int prepared = 0, most = 0, seen = 0;
        using var first = new BlockRun(Prepared, new RandomSamples([Shape.Of(1, 2)], Samples), 2, "run a", NoProgress.Instance);
        using var second = new BlockRun(Prepared, new RandomSamples([Shape.Of(1, 2)], Samples), 2, "run b", NoProgress.Instance);
        BlockwiseTally.Each([first, second], Size, results =>
        {
            Assert.Equal(2, results.Count);
            if (seen++ % Size != 0) return;
            GC.Collect();
            lock (outputs) most = Math.Max(most, outputs.Count(o => o.IsAlive));
        });
        Assert.Equal((Samples, 2 * Samples), (seen, outputs.Count));
        // Of two models, and of the block before, which a register may still hold.
        Assert.InRange(most, 2 * Size, 4 * Size);
        Assert.InRange(prepared, 2, 4);

        IModelRunner Prepared()
        {
            Interlocked.Increment(ref prepared);
            return new Counted(outputs);
        }
    }

    [Theory]
    [InlineData(1000, 2, 4096)]
    [InlineData(1000, 3, 4095)]
    [InlineData(1 << 20, 2, 16)]
    [InlineData(1 << 28, 2, 2)]
    public void A_block_is_bounded_by_the_bytes_of_its_outputs(int elements, int workers, int expected)
    {
        var model = new Model("g", TextParser.ParseOne($"graph @g(%x: f32[1, {elements}]) {{ %y = nn.relu(%x) return %y }}"));
        Assert.Equal(expected, BlockwiseTally.BlockOf([(model, workers)]));
    }

    [Fact]
    public void Runs_that_are_over_add_up_to_the_same()
    {
        var model = new Model("g", TextParser.ParseOne("graph @g(%x: f32[1, 3]) { %y = nn.relu(%x) return %y }"));
        var samples = new RandomSamples([Shape.Of(1, 3)], 30);
        using var choice = EngineChoice.Of(model, new RunOptions());
        var run = Batch.Run(choice, samples, NoProgress.Instance);
        string expected = JsonText.Write(Evaluator.Compare([run, run]));
        var found = Evaluator.Run([(choice, samples), (choice, samples)], NoProgress.Instance);
        string told = JsonText.Write(found with { Results = [.. found.Results.Select(r => r with { Preparation = null })] });
        Assert.Equal(expected, told);
        Assert.Contains("\"agreement\": 1", told);
    }

    /// <summary>Makes an output for each sample, and remembers it as long as somebody else does.</summary>
    private sealed class Counted(List<WeakReference> outputs) : IModelRunner
    {
        public IReadOnlyList<Tensor> Run(Sample sample)
        {
            var output = Tensor.Zeros<float>(Shape.Of(1, 1000));
            lock (outputs) outputs.Add(new(output));
            return [output];
        }

        public void Dispose()
        {
        }
    }
}
