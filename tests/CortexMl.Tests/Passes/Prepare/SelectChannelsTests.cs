using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Prepare;

/// <summary>Chains of moves from a seed: what select-channels makes of them is the same bit for bit, and never costs more.</summary>
public sealed class SelectChannelsTests
{
    private const int Networks = 600, LeastRewritten = 150, LeastUntouched = 150, LeastTaken = 30, LeastSliced = 80;

    [Fact]
    public void Random_chains_keep_every_bit_and_never_cost_more()
    {
        var made = new Dictionary<OpSpec, int> { [NnLookup.Take] = 0, [NnShape.Slice] = 0 };
        int rewritten = 0;
        for (int seed = 0; seed < Networks; seed++)
        {
            var graph = new RandomChain(seed).Build();
            Run(graph, "canonicalize");
            string text = TextPrinter.Print(graph);
            long gas = Gas(graph);
            Tensor<double>[] inputs = [RandomNetwork.Input(seed, graph.Inputs[0].Type.Shape)];
            var before = NaiveEvaluator.Run(graph, inputs);
            if (Run(graph) == 0)
            {
                Assert.Equal(text, TextPrinter.Print(graph));
                continue;
            }
            rewritten++;
            var after = NaiveEvaluator.Run(graph, inputs);
            string what = $"seed {seed}:\n{text}became\n{TextPrinter.Print(graph)}";
            for (int i = 0; i < before.Count; i++)
                Assert.True(before[i].Shape == after[i].Shape && before[i].Data.AsSpan().SequenceEqual(after[i].Data), what);
            Assert.True(Gas(graph) < gas, what);
            Assert.Equal(0, Run(graph));
            foreach (var spec in made.Keys)
                if (graph.Operations.Any(o => o.Spec == spec && o["data"].IsInput)) made[spec]++;
        }
        Assert.InRange(rewritten, LeastRewritten, Networks - LeastUntouched);
        Assert.InRange(made[NnLookup.Take], LeastTaken, Networks);
        Assert.InRange(made[NnShape.Slice], LeastSliced, Networks);
    }

    [Theory]
    [InlineData(1024, 1)]
    [InlineData(1025, 0)]
    public void Elements_are_followed_up_to_a_number(int columns, int rewritten)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 4, 1024, {{columns}}]) {
              %0 = nn.reshape(%x) {shape = [1, 2, 2, 1024, {{columns}}]}
              %1 = nn.transpose(%0) {axes = [0, 2, 1, 3, 4]}
              %2 = nn.reshape(%1) {shape = [1, 4, 1024, {{columns}}]}
              return %2
            }
            """);
        Assert.Equal(rewritten, Run(graph));
    }

    private static long Run(Graph graph, string pass = "select-channels") =>
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse(pass));

    /// <summary>One for each element that is computed, five for each that is kept.</summary>
    private static long Gas(Graph graph) => graph.Operations.Sum(o => (o.Constant is null ? 6 : 5) * o.Result.Type.Shape.Count);

    /// <summary>
    /// Mostly of the channels of [N, C, rest], which stand as several axes behind the first one; some moves go across and spoil it.
    /// </summary>
    private sealed class RandomChain
    {
        private static readonly int[] ChannelCounts = [4, 6, 8, 12];

        private readonly Random _random;
        private readonly GraphBuilder _build = new("chain", Level.Float);
        private readonly int[] _rest;
        private readonly Shape _input;

        private Value _value;

        public RandomChain(int seed)
        {
            _random = new Random(seed);
            _rest = [.. Enumerable.Range(0, Next(4)).Select(_ => 1 + Next(3))];
            _input = Shape.Of([1 + Next(2), ChannelCounts[Next(ChannelCounts.Length)], .. _rest]);
            _value = _build.Input("x", TensorType.Float(_input));
        }

        private Shape Now => _value.Type.Shape;

        public Graph Build()
        {
            int length = 2 + Next(4);
            for (int i = 0; i < length; i++) Step();
            if (Next(3) == 0) Seen();
            Finish();
            if (Next(8) == 0) Seen();
            Value shuffled = _value;
            int branches = 1 + Next(2);
            for (int i = 0; i < branches; i++)
            {
                _value = shuffled;
                if (Now.Rank > 1 && Next(2) == 0) Slice(1);
                if (Next(2) == 0) Op(NnUnary.Relu);
                _build.Output(_value);
            }
            return _build.Build();
        }

        private int Next(int count) => _random.Next(count);

        private void Seen() => _build.Output(_build.Op(NnUnary.Abs, [_value], Attributes.Empty));

        private void Step()
        {
            int axis = Next(3) == 0 ? Next(Now.Rank) : Math.Min(1 + Next(Math.Max(1, Now.Rank - 1 - _rest.Length)), Now.Rank - 1);
            switch (Next(8))
            {
                case 0: Slice(axis); break;
                case 1: Take(axis); break;
                case 2 or 3 or 4: Split(axis); break;
                default: Swap(axis); break;
            }
        }

        private void Split(int axis)
        {
            int[] factors = [.. Enumerable.Range(1, Now[axis]).Where(f => Now[axis] % f == 0)];
            int factor = factors[Next(factors.Length)];
            Op(NnShape.Reshape, ("shape", Now.With(axis, factor).Insert(axis + 1, Now[axis] / factor)));
        }

        private void Swap(int axis)
        {
            int[] axes = [.. Enumerable.Range(0, Now.Rank)];
            int other = Next(3) == 0 ? Next(Now.Rank) : Math.Clamp(axis + 1, 0, Math.Max(axis, Now.Rank - 1 - _rest.Length));
            (axes[axis], axes[other]) = (axes[other], axes[axis]);
            Op(NnShape.Transpose, ("axes", axes));
        }

        private void Slice(int axis)
        {
            int[] begin = new int[Now.Rank], end = [.. Now], strides = [.. Enumerable.Repeat(1, Now.Rank)];
            (begin[axis], strides[axis]) = (Next(Now[axis]), 1 + Next(2));
            if (Next(4) == 0) (strides[axis], end[axis]) = (-strides[axis], -1);
            Op(NnShape.Slice, ("begin", begin), ("end", end), ("strides", strides));
        }

        private void Take(int axis)
        {
            int size = Now[axis];
            float[] indices = [.. Enumerable.Range(0, 1 + Next(size)).Select(_ => (float)(Next(size + 2) - 1))];
            _value = _build.Op(NnLookup.Take, [_value, _build.Constant("i", Tensor.Vector(indices))], Attributes.Of(("axis", axis)));
        }

        private void Finish()
        {
            int plane = _input[0] * _rest.Aggregate(1, (product, dim) => product * dim), channels = (int)(Now.Count / plane);
            if (channels * plane == Now.Count && Next(8) > 0) Op(NnShape.Reshape, ("shape", Shape.Of([_input[0], channels, .. _rest])));
        }

        private void Op(OpSpec spec, params (string, AttributeValue)[] attributes) =>
            _value = _build.Op(spec, [_value], Attributes.Of(attributes));
    }
}
