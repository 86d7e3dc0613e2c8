using CortexMl.Analysis;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

/// <summary>Which kernel runs a group.</summary>
public sealed class KernelListTests
{
    private const string Product = "@w: TYPE[16, 2, 3, 3] = random(1)\n  %y = cvm.conv2d(%x, @w) "
        + "{channels = 16, kernel_size = [3, 3], padding = [1, 1], use_bias = false}";
    private const string Depthwise = "@w: TYPE[2, 1, 3, 3] = random(1)\n  %y = cvm.conv2d(%x, @w) "
        + "{channels = 2, kernel_size = [3, 3], groups = 2, use_bias = false}";
    private const string LargeDepthwise = "@w: TYPE[2, 1, 5, 5] = random(1)\n  %y = cvm.conv2d(%x, @w) "
        + "{channels = 2, kernel_size = [5, 5], groups = 2, use_bias = false}";
    private const string WideDepthwise = "%z = cvm.repeat(%x) {repeats = 16, axis = 1}\n  @w: TYPE[32, 1, 3, 3] = random(1)\n  "
        + "%y = cvm.conv2d(%z, @w) {channels = 32, kernel_size = [3, 3], groups = 32, use_bias = false}";
    private const string Pool = "%y = cvm.max_pool2d(%x) {pool_size = [2, 2], strides = [2, 2]}";
    private const string GlobalSum = "%y = cvm.sum(%x) {axis = [2, 3], keepdims = true}";
    private const string LargeSum = "%c = cvm.repeat(%x) {repeats = 8, axis = 1}\n  "
        + "%z = cvm.repeat(%c) {repeats = 2000, axis = 2}\n  %y = cvm.sum(%z) {axis = [2, 3], keepdims = true}";
    private const string Chain = "%p = cvm.max_pool2d(%x) {pool_size = [2, 2], strides = [2, 2]}\n  "
        + "%z = cvm.cvm_precision(%p)\n  %y = cvm.relu(%p)";

    /// <summary>Weights of 3 bits go up to 3, those of 8 to 127, of which two times 255 leave 16 bits.</summary>
    [Theory]
    [InlineData(Product, "i3", CpuInstructions.AvxVnni, "Byte DotProductsProvider VnniQuadDot")]
    [InlineData(Product, "i8", CpuInstructions.AvxVnni, "Byte DotProductsProvider VnniQuadDot")]
    [InlineData(Product, "i3", CpuInstructions.Avx2, "Byte DotProductsProvider QuadDot")]
    [InlineData(Product, "i8", CpuInstructions.Avx2, "Short DotProductsProvider PairDot")]
    [InlineData(Product, "i8", CpuInstructions.Portable, "Byte WideProductsProvider")]
    [InlineData(Product, "i8", CpuInstructions.NeonDot, "Byte DotProductsProvider NeonQuadDot")]
    [InlineData(Depthwise, "i8", CpuInstructions.NeonDot, "Byte WideDepthwiseProvider")]
    [InlineData(Depthwise, "i8", CpuInstructions.AvxVnni, "Byte SlidingDepthwiseProvider VnniQuadDot")]
    [InlineData(Depthwise, "i3", CpuInstructions.Avx2, "Byte SlidingDepthwiseProvider QuadDot")]
    [InlineData(Depthwise, "i8", CpuInstructions.Avx2, "Byte PairDepthwiseProvider PairDot")]
    [InlineData(LargeDepthwise, "i8", CpuInstructions.AvxVnni, "Byte QuadDepthwiseProvider VnniQuadDot")]
    [InlineData(LargeDepthwise, "i3", CpuInstructions.Avx2, "Byte QuadDepthwiseProvider QuadDot")]
    [InlineData(LargeDepthwise, "i8", CpuInstructions.Portable, "Byte WideDepthwiseProvider")]
    [InlineData(Product, "i3", CpuInstructions.CodeAvx2, "Byte ProductCodeProvider")]
    [InlineData(Product, "i8", CpuInstructions.CodeAvx2, "Short ProductCodeProvider")]
    [InlineData(Product, "i8", CpuInstructions.CodeAvxVnni, "Byte ProductCodeProvider")]
    [InlineData(Product, "i8", CpuInstructions.CodeAvx512, "Short ProductCodeProvider")]
    [InlineData(Product, "i8", CpuInstructions.CodeAvx512Vnni, "Byte ProductCodeProvider")]
    [InlineData(Depthwise, "i3", CpuInstructions.CodeAvx2, "Byte SlidingDepthwiseProvider QuadDot")]
    [InlineData(WideDepthwise, "i3", CpuInstructions.CodeAvx2, "Byte SlidingCodeProvider")]
    [InlineData(WideDepthwise, "i8", CpuInstructions.CodeAvxVnni, "Byte SlidingCodeProvider")]
    [InlineData(Pool, "", CpuInstructions.CodeAvx512Vnni, "Byte FoldCodeProvider")]
    [InlineData(Pool, "", CpuInstructions.AvxVnni, "Byte FoldsProvider")]
    [InlineData(Chain, "", CpuInstructions.Avx2, "Byte LoadsProvider")]
    [InlineData(Chain, "", CpuInstructions.CodeAvx2, "Byte LoadCodeProvider")]
    [InlineData(GlobalSum, "", CpuInstructions.CodeAvxVnni, "Byte FoldCodeProvider")]
    [InlineData(LargeSum, "", CpuInstructions.CodeAvxVnni, "Byte FoldsProvider")]
    public void Numbers_and_instructions_decide_on_the_kernel(
        string operation, string weights, CpuInstructions instructions, string expected)
    {
        var graph = Graph(operation.Replace("TYPE", weights, StringComparison.Ordinal));
        var group = Assert.Single(GroupFinder.Of(graph).Groups.Values, found => found.Result.Name == "y");
        var layout = new PackedLayouts(KernelList.OfEngine, instructions).Of(
            group.View, Intervals.Of(graph)[group.Data].All, isComputed: false, [group], isOperand: false);
        var kernel = KernelList.OfEngine.Find(new KernelQuestion(group, layout.Kind, layout.Highest, instructions))!.GetType();
        string[] words = [layout.Kind.ToString(), kernel.Name.Split('`')[0], .. kernel.GenericTypeArguments.Select(type => type.Name)];
        Assert.Equal(expected, string.Join(' ', words));
    }

    [Fact]
    public void The_first_kernel_that_takes_a_group_runs_it_from_its_data_to_its_result()
    {
        Fixed unable = new(1) { Declines = true }, first = new(2), second = new(3);
        var engine = new CpuEngine { Kernels = new KernelList([unable, first, second, .. KernelList.OfEngine.All]) };
        using var executable = engine.Prepare(Graph(Pool.Replace("%y", "%p", StringComparison.Ordinal) + "\n  %y = cvm.relu(%p)"));
        var result = Assert.Single(executable.Run([Tensor.Zeros<int>(Shape.Of(1, 2, 8, 8))]));
        Assert.Equal(Enumerable.Repeat(2, 32), result.Data);
        Assert.Equal((0, 1, 0), (unable.Made, first.Made, second.Made));
    }

    [Fact]
    public void A_chunk_of_pixels_is_whole_tiles_of_every_kernel() =>
        Assert.All(KernelList.OfEngine.All, kernel => Assert.Equal(0, Source.Chunk % kernel.Tile));

    private static Graph Graph(string body) => TextParser.ParseOne($$"""
        graph @g(%x: i8[1, 2, 8, 8]) {
          {{body}}
          return %y
        }
        """);

    /// <summary>Gives the same number wherever it is asked for one.</summary>
    private sealed class Fixed(int number) : KernelProvider
    {
        public int Made { get; private set; }

        public bool Declines { get; init; }

        public override int Tile => 1;

        public override bool Takes(KernelQuestion question) => !Declines;

        public override Step Make(KernelParts parts)
        {
            Made++;
            return new FixedStep(parts, number);
        }
    }

    private sealed class FixedStep(KernelParts parts, int number) : Step
    {
        public override IReadOnlyList<Storage> Reads => [parts.Data];

        public override IReadOnlyList<Storage> Writes => [parts.Result];

        public override Value Subject => parts.Group.Result;

        public override void Run(Workers workers)
        {
            int[] numbers = new int[(int)parts.Group.Result.Type.Shape.Count];
            Array.Fill(numbers, number);
            Packing.Pack(numbers, parts.Result, 0, parts.Result.Layout.View.Rows);
        }
    }
}
