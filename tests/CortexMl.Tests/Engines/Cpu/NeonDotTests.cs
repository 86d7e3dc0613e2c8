using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Ir;
using CortexMl.RandomGraphs;
using CortexMl.Tests.Engines.Cpu.Machine;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

/// <summary>The dot product of arm64: the instruction where there is one; anywhere, the kernel with its definition instead.</summary>
public sealed class NeonDotTests
{
    private const int RandomGraphs = 60;

    public static TheoryData<int> Products => [.. Enumerable.Range(0, EmulatedGraphs.Products)];

    [SkippableFact]
    public void The_instruction_does_what_its_definition_says()
    {
        Skip.IfNot(Dp.IsSupported, "the processor has no sdot");
        var random = new Random(1);
        byte[] numbers = new byte[3 * Vector256<byte>.Count];
        for (int i = 0; i < 1000; i++)
        {
            random.NextBytes(numbers);
            // Products of the least numbers are the largest.
            foreach (ref byte number in numbers.AsSpan()) if (i % 4 == 0 || random.Next(4) == 0) number = 0x80;
            var sum = Vector256.Create(numbers, 0).AsInt32();
            var (data, weight) = (Vector256.Create(numbers, 32).AsInt32(), Vector256.Create(numbers, 64).AsInt32());
            Assert.Equal(Definition.Add(sum, data, weight), NeonQuadDot.Add(sum, data, weight));
        }
    }

    [Theory]
    [MemberData(nameof(Products))]
    public void Products_give_the_interpreters_numbers(int product)
    {
        foreach (var graph in EmulatedGraphs.Of(product)) Check(graph, product);
    }

    [Fact]
    public void Random_networks_give_the_interpreters_numbers()
    {
        int made = 0;
        for (uint i = 0; i < RandomGraphs; i++)
            made += Check(LayerGenerator.Networks.Generate(new PCG(i, 1), null, out _).Graph, (int)i);
        Assert.True(made > RandomGraphs, $"{made} products alone are of bytes");
    }

    /// <returns>How many products ran on the dot.</returns>
    private static int Check(Graph graph, int seed)
    {
        var dots = new Counted(new DotProductsProvider<Definition>());
        var kernels = new KernelList([dots, .. KernelList.OfEngine.All.Where(kernel => kernel is not DotProductsProvider<NeonQuadDot>)]);
        Agreement.Check(
            "sdot, as it is defined",
            observe => new CpuEngine(new CpuOptions { Observe = observe }) { Assumed = CpuInstructions.NeonDot, Kernels = kernels },
            graph, Agreement.RandomInputs(graph, seed));
        return dots.Made;
    }

    /// <summary>Σ of four signed products in each lane of 32 bits, which wraps.</summary>
    private readonly struct Definition : IDot
    {
        public static CpuInstructions Needs => NeonQuadDot.Needs;

        public static int Lane => NeonQuadDot.Lane;

        public static int Centre => NeonQuadDot.Centre;

        public static bool IsExact(Group group, long highest) => NeonQuadDot.IsExact(group, highest);

        public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight)
        {
            for (int i = 0; i < Vector256<sbyte>.Count; i++)
            {
                int product = data.AsSByte().GetElement(i) * weight.AsSByte().GetElement(i);
                sum = sum.WithElement(i / 4, unchecked(sum.GetElement(i / 4) + product));
            }
            return sum;
        }
    }

    private sealed class Counted(KernelProvider inner) : KernelProvider
    {
        public int Made { get; private set; }

        public override int Tile => inner.Tile;

        public override int Centre => inner.Centre;

        public override bool Takes(KernelQuestion question) => inner.Takes(question);

        public override Step Make(KernelParts parts)
        {
            Made++;
            return inner.Make(parts);
        }
    }
}
