using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Float.MachineCode;
using CortexMl.Engines.Float.Portable;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Engines.Float;

/// <summary>
/// Whole products on every kind of tile that the machine has, generated or not, and on emulated ones of both sets: the bits of the
/// definition, whatever is left of rows and columns.
/// </summary>
public sealed class CodeTileTests
{
    private static readonly TileSet[] s_sets = [TileSet.Avx2, TileSet.Avx512];

    private static IEnumerable<ProductTiles> Everywhere => [.. ProductTiles.All, .. s_sets.Select(EmulatedTile.Products)];

    [Fact]
    public void Generated_tiles_are_taken_where_the_processor_has_them()
    {
        Assert.Equal(TileSet.AtHand.Count > 0, ProductTiles.Best is CodeTiles);
        Assert.Equal([.. LanesTiles.Widths, .. CodeTiles.AtHand], ProductTiles.All);
        foreach (var tiles in CodeTiles.AtHand)
        {
            Assert.IsType<CodeTile>(tiles.For(new(2, 1, 1, 1, TileBias.None)));
            Assert.IsNotType<CodeTile>(tiles.For(new(1, 1, 1, 1, TileBias.None)));
        }
    }

    [Fact]
    public void Where_code_is_refused_products_are_intrinsics()
    {
        using var refused = new TileKernels(TileSet.Avx2, _ => throw new CodeRefusedException("no memory for code"));
        Assert.Same(LanesTiles.Widest.For(new(9, 9, 9, 9, TileBias.None)), new CodeTiles(refused).For(new(9, 9, 9, 9, TileBias.None)));
    }

    [Theory]
    // Rows that fill one group, one and a bit, and so many that columns are copied; images whose rows are shorter than a register or
    // longer.
    [InlineData(2, 3, 5, 3, 1, 1)]
    [InlineData(15, 2, 9, 3, 1, 1)]
    [InlineData(31, 5, 7, 1, 1, 0)]
    [InlineData(59, 3, 7, 3, 1, 1)]
    [InlineData(64, 2, 19, 3, 1, 0)]
    [InlineData(61, 3, 11, 3, 2, 1)]
    [InlineData(57, 4, 6, 1, 1, 0)]
    [InlineData(58, 4, 5, 1, 3, 0)]
    [InlineData(122, 1, 1, 1, 1, 0)]
    // So many sums that threads share them.
    [InlineData(64, 16, 10, 3, 1, 1)]
    public void A_convolution_is_its_definition(int outputs, int channels, int size, int kernel, int stride, int border)
    {
        var random = new Random(outputs);
        var op = new ConvCase([size, size + 1], [kernel, kernel], [stride, 1], [border, 0, border, border], [1, 1], 1);
        foreach (bool isOdd in (bool[])[false, true])
        {
            var image = Numbers(random, isOdd, 2, channels, size, size + 1);
            var weights = Numbers(random, isOdd, outputs, channels, kernel, kernel);
            foreach (var bias in (Tensor<float>?[])[null, Numbers(random, isOdd, outputs)])
            {
                var graph = op.Graph(image, weights, bias, isConstant: true);
                CheckEverywhere(graph, [image], op.Define(image, weights, bias, graph.Outputs[0].Type.Shape));
            }
        }
    }

    [Theory]
    [InlineData(2, 1, 1)]
    [InlineData(3, 40, 37)]
    [InlineData(16, 3, 64)]
    [InlineData(33, 7, 50)]
    [InlineData(60, 2, 17)]
    public void A_dense_layer_and_a_matrix_product_are_chains_of_sums(int rows, int depth, int columns)
    {
        var random = new Random(rows);
        foreach (bool isOdd in (bool[])[false, true])
        {
            Tensor<float> left = Numbers(random, isOdd, rows, depth), weights = Numbers(random, isOdd, columns, depth);
            var bias = Numbers(random, isOdd, columns);
            var build = new GraphBuilder("dense", Level.Float);
            build.Output(build.Op(NnConv.Dense,
                [build.Input("x", TensorType.Float(rows, depth)), build.Constant("w", weights), build.Constant("b", bias)]));
            CheckEverywhere(build.Build(), [left], Chain(left, (k, column) => weights.Data[(column * depth) + k], columns, bias));

            var right = Numbers(random, isOdd, depth, columns);
            build = new GraphBuilder("matmul", Level.Float);
            build.Output(build.Op(NnConv.MatMul,
                [build.Input("a", TensorType.Float(rows, depth)), build.Input("b", TensorType.Float(depth, columns))]));
            CheckEverywhere(build.Build(), [left, right], Chain(left, (k, column) => right.Data[(k * columns) + column], columns, null));
        }
    }

    /// <summary>A tile that is large is worth nothing where the registers of its set end.</summary>
    [Fact]
    public void Chosen_tiles_fit_the_registers_and_leave_no_group_of_rows_empty()
    {
        var random = new Random(1);
        for (int i = 0; i < 2000; i++)
        {
            int stored = random.Next(1, 300), columns = stored + random.Next(50);
            var size = new ProductSize(random.Next(1, 200), random.Next(1, 500), columns, stored, TileBias.None, random.Next(2) == 0);
            foreach (var set in s_sets)
            {
                var choice = new FloatTileChoice(set, size);
                Assert.InRange(new TileForm(choice.Rows, choice.Vectors, size.Bias).Registers, 3, set.Vectors.Registers);
                int groups = (size.Rows + choice.Rows - 1) / choice.Rows;
                Assert.True((groups - 1) * choice.Rows < size.Rows && choice.Rows <= size.Rows, $"{size}: {choice.Rows}");
            }
        }
    }

    private static void CheckEverywhere(Graph graph, IReadOnlyList<Tensor<float>> inputs, float[] expected)
    {
        int[] bits = FloatNumbers.Bits(expected);
        foreach (var tiles in Everywhere)
        {
            foreach (int threads in (int[])[1, 2])
            {
                // Again with the same kernels: what a run leaves behind is nothing to the next.
                using var session = new PortableSession(graph, graph.Outputs, new PortableKernels(tiles, threads));
                for (int run = 0; run < 2; run++) Assert.Equal(bits, FloatNumbers.Bits(session.Run(inputs)[0].Data));
            }
        }
    }

    private static float[] Chain(Tensor<float> left, Func<int, int, float> right, int columns, Tensor<float>? bias)
    {
        int rows = left.Shape[0], depth = left.Shape[1];
        var result = new float[rows * columns];
        for (int i = 0; i < result.Length; i++)
        {
            for (int k = 0; k < depth; k++)
                result[i] = MathF.FusedMultiplyAdd(left.Data[(i / columns * depth) + k], right(k, i % columns), result[i]);
            if (bias is not null) result[i] += bias.Data[i % columns];
        }
        return result;
    }

    private static Tensor<float> Numbers(Random random, bool isOdd, params int[] shape)
    {
        int count = shape.Aggregate(1, (a, b) => a * b);
        return Tensor.Create(Shape.Of(shape), isOdd ? FloatNumbers.Odd(random, count) : FloatNumbers.Usual(random, count));
    }
}
