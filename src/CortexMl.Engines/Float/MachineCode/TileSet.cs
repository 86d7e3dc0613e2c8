using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.MachineCode;
using Iced.Intel;

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>Instructions that generated tiles of float products are made of.</summary>
/// <param name="Vectors">Registers, and how they are loaded and stored: floats are 32 bits as any other.</param>
/// <param name="MultiplyAdd">sum ⇒ left · right + sum, rounded once.</param>
/// <param name="Add">left + right, rounded.</param>
internal sealed record TileSet(string Name, VectorCodes Vectors, Code MultiplyAdd, Code Add)
{
    /// <summary>256 bits, with FMA3.</summary>
    public static TileSet Avx2 { get; } =
        new("AVX2", VectorCodes.Ymm, Code.VEX_Vfmadd231ps_ymm_ymm_ymmm256, Code.VEX_Vaddps_ymm_ymm_ymmm256);

    /// <summary>512 bits.</summary>
    public static TileSet Avx512 { get; } =
        new("AVX-512", VectorCodes.Zmm, Code.EVEX_Vfmadd231ps_zmm_k1z_zmm_zmmm512b32_er, Code.EVEX_Vaddps_zmm_k1z_zmm_zmmm512b32_er);

    /// <summary>Floats in a register.</summary>
    public int Lanes => Vectors.Lanes;

    /// <summary>Those that run here, the widest last; none where the system forbids generated code.</summary>
    public static IReadOnlyList<TileSet> AtHand { get; } = !CodeMemory.IsAllowed || !Fma.IsSupported ? []
        : Avx512F.IsSupported ? [Avx2, Avx512] : System.Runtime.Intrinsics.X86.Avx2.IsSupported ? [Avx2] : [];
}
