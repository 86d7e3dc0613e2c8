using CortexMl.Engines.Float.MachineCode;
using CortexMl.Tests.Engines.Cpu.Machine;
using Iced.Intel;

namespace CortexMl.Tests.Engines.Float;

/// <summary>A tile that the machine of the tests runs, on a processor that has its set and nothing else.</summary>
internal sealed unsafe class EmulatedTile(TileSet set, bool isWindows, byte[] code) : TileKernel
{
    private readonly X86Program _program = new(code, set == TileSet.Avx2
        ? new HashSet<CpuidFeature> { CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.FMA }
        : new HashSet<CpuidFeature> { CpuidFeature.AVX, CpuidFeature.AVX512F });

    /// <summary>Memory that it may use; null for any.</summary>
    public IReadOnlyList<X86Range>? Ranges { get; set; }

    public IEnumerable<Code> Codes => _program.Instructions.Select(instruction => instruction.Code);

    public override void Run(TileCall* call) => X86Call.Run(_program, X86Convention.Of(isWindows), call, Ranges);

    public override void Dispose()
    {
    }

    /// <summary>Products whose tiles are emulated.</summary>
    public static CodeTiles Products(TileSet set) => new(Kernels(set, OperatingSystem.IsWindows()));

    public static TileKernels Kernels(TileSet set, bool isWindows) =>
        new(set, code => new EmulatedTile(set, isWindows, code)) { IsWindows = isWindows };
}
