using CortexMl.Engines.Float.MachineCode;
using CortexMl.Tests.Engines.Cpu.Machine;
using Iced.Intel;
using Xunit;

namespace CortexMl.Tests.Engines.Float;

/// <summary>Generated tiles of every size against the chain of sums: emulated for both sets, and on the processor.</summary>
public sealed unsafe class TileCodeTests
{
    private static readonly int[] s_depths = [0, 1, 2, 19];

    private static readonly TileSet[] s_sets = [TileSet.Avx2, TileSet.Avx512];

    public static TheoryData<string, bool> Emulated => new()
    {
        { TileSet.Avx2.Name, false }, { TileSet.Avx2.Name, true }, { TileSet.Avx512.Name, false }, { TileSet.Avx512.Name, true },
    };

    [Theory]
    [MemberData(nameof(Emulated))]
    public void Emulated_tiles_are_the_chain_of_sums_and_touch_nothing_else(string name, bool isWindows)
    {
        var set = s_sets.Single(s => s.Name == name);
        using var kernels = EmulatedTile.Kernels(set, isWindows);
        var codes = new HashSet<Code>();
        // Of each number of vectors the smallest tiles and the largest ones.
        foreach (var form in Forms(set).GroupBy(f => f.Vectors).SelectMany(f => f.Where(x => x.Rows < 3 || x.Rows == f.Max(y => y.Rows))))
        {
            var tile = (EmulatedTile)kernels[form];
            codes.UnionWith(tile.Codes);
            foreach (int depth in s_depths) Check(set, form, depth, tile, ranges => tile.Ranges = ranges);
        }
        Assert.Empty(codes.Where(code => code.Mnemonic().ToString().StartsWith('V'))
            .Except([.. X86InstructionTests.Tried, .. X86FloatTests.Tried, Code.VEX_Vzeroupper]));
    }

    [SkippableFact]
    public void Tiles_of_every_size_are_the_chain_of_sums_on_the_processor()
    {
        Skip.If(TileSet.AtHand.Count == 0, "the processor, or the system, has no generated tiles");
        foreach (var set in TileSet.AtHand)
        {
            using var kernels = new TileKernels(set, code => new NativeTile(code));
            foreach (var form in Forms(set))
                foreach (int depth in s_depths) Check(set, form, depth, kernels[form], _ => { });
        }
    }

    [Fact]
    public void The_largest_tiles_fill_the_registers()
    {
        Assert.Equal([(14, 1), (6, 2), (4, 3), (2, 4)], Largest(TileSet.Avx2).Take(4));
        Assert.Equal([(30, 1), (14, 2), (9, 3), (6, 4)], Largest(TileSet.Avx512).Take(4));

        static IEnumerable<(int, int)> Largest(TileSet set) => Forms(set).GroupBy(f => f.Vectors).Select(f => (f.Max(x => x.Rows), f.Key));
    }

    [Fact]
    public void A_form_is_generated_once_and_goes_with_its_owner()
    {
        List<Counted> made = [];
        var kernels = new TileKernels(TileSet.Avx2, _ =>
        {
            made.Add(new Counted());
            return made[^1];
        });
        var form = new TileForm(6, 2, TileBias.Rows);
        Assert.Same(kernels[form], kernels[form]);
        Assert.NotSame(kernels[form], kernels[form with { Bias = TileBias.None }]);
        Assert.Equal([false, false], made.Select(tile => tile.IsDisposed));
        kernels.Dispose();
        Assert.Equal([true, true], made.Select(tile => tile.IsDisposed));
    }

    private static IEnumerable<TileForm> Forms(TileSet set) =>
        from vectors in Enumerable.Range(1, set.Vectors.Registers)
        from rows in Enumerable.Range(1, set.Vectors.Registers)
        from bias in Enum.GetValues<TileBias>()
        let form = new TileForm(rows, vectors, bias)
        where form.Registers <= set.Vectors.Registers
        select form;

    /// <param name="allow">Is told the memory that the tile may use.</param>
    private static void Check(TileSet set, TileForm form, int depth, TileKernel kernel, Action<IReadOnlyList<X86Range>> allow)
    {
        const int Gap = 3;
        var random = new Random((form.Rows * 100) + form.Vectors + depth);
        int width = form.Vectors * set.Lanes, stride = width + Gap;
        float[] left = FloatNumbers.Odd(random, depth * form.Rows), right = FloatNumbers.Odd(random, (depth * 5) + width);
        float[] bias = FloatNumbers.Odd(random, form.Bias == TileBias.Rows ? form.Rows : form.Bias == TileBias.Columns ? width : 0);
        // Windows overlap, and are not in order.
        int[] steps = [.. Enumerable.Range(0, depth).Select(_ => random.Next(depth * 5))];
        float[] result = [.. Enumerable.Repeat(7f, form.Rows * stride)], expected = [.. result];
        for (int i = 0; i < form.Rows * width; i++)
        {
            int row = i / width, column = i % width;
            float sum = 0;
            for (int k = 0; k < depth; k++) sum = MathF.FusedMultiplyAdd(left[(k * form.Rows) + row], right[steps[k] + column], sum);
            if (form.Bias != TileBias.None) sum += bias[form.Bias == TileBias.Rows ? row : column];
            expected[(row * stride) + column] = sum;
        }
        fixed (float* l = left, r = right, b = bias, to = result)
        fixed (int* step = steps)
        {
            var call = new TileCall
            {
                Left = l, Right = r, Steps = step, StepsEnd = step + depth, Result = to, RowBytes = stride * sizeof(float), Bias = b,
            };
            allow(
            [
                new("the call", &call, sizeof(TileCall)), new("the rows", l, left.Length * sizeof(float)),
                new("the columns", r, right.Length * sizeof(float)), new("the steps", step, depth * sizeof(int)),
                new("the bias", b, bias.Length * sizeof(float)), new("the result", to, result.Length * sizeof(float), isWritten: true),
            ]);
            kernel.Run(&call);
        }
        Assert.Equal(FloatNumbers.Bits(expected), FloatNumbers.Bits(result));
    }

    private sealed class Counted : TileKernel
    {
        public bool IsDisposed { get; private set; }

        public override void Run(TileCall* call)
        {
        }

        public override void Dispose() => IsDisposed = true;
    }
}
