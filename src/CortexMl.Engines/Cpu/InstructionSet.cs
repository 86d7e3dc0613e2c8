using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu.MachineCode;

namespace CortexMl.Engines.Cpu;

/// <summary>What the machine can do.</summary>
public static class InstructionSet
{
    /// <summary>The paths that this machine can run, slowest first.</summary>
    public static IReadOnlyList<CpuInstructions> AtHand { get; } =
        [.. Enum.GetValues<CpuInstructions>().Where(i => i != CpuInstructions.Auto && IsSupported(i))];

    /// <summary>The best of them whose kernels all come with the engine.</summary>
    internal static CpuInstructions BestWithoutCode => AtHand.Last(set => set.Code() is null);

    /// <summary>The instruction set that is used where this one is asked for.</summary>
    /// <exception cref="DiagnosticException">The machine lacks the instructions.</exception>
    public static CpuInstructions Resolve(CpuInstructions wanted)
    {
        if (wanted == CpuInstructions.Auto) return AtHand[^1];
        return IsSupported(wanted) ? wanted
            : throw new DiagnosticException(
                EngineCodes.UnsupportedInstructions, $"this machine has no {wanted}", hint: $"it has {string.Join(", ", AtHand)}");
    }

    /// <summary>Whether kernels of intrinsics may use what another set stands for.</summary>
    internal static bool Include(this CpuInstructions instructions, CpuInstructions needed) => needed switch
    {
        CpuInstructions.AvxVnni => instructions is CpuInstructions.AvxVnni or CpuInstructions.CodeAvxVnni
            || (instructions >= CpuInstructions.CodeAvx512Vnni && AvxVnni.IsSupported),
        CpuInstructions.NeonDot => instructions == needed,
        _ => instructions >= needed,
    };

    private static bool IsSupported(CpuInstructions instructions) => instructions switch
    {
        CpuInstructions.Portable => true,
        CpuInstructions.NeonDot => Dp.IsSupported,
        CpuInstructions.Avx2 => Avx2.IsSupported,
        CpuInstructions.AvxVnni => Avx2.IsSupported && AvxVnni.IsSupported,
        CpuInstructions.CodeAvx2 => Avx2.IsSupported && CodeMemory.IsAllowed,
        CpuInstructions.CodeAvxVnni => AvxVnni.IsSupported && CodeMemory.IsAllowed,
        CpuInstructions.CodeAvx512 => Avx512BW.IsSupported && CodeMemory.IsAllowed,
        CpuInstructions.CodeAvx512Vnni => Avx512BW.IsSupported && HasAvx512Vnni && CodeMemory.IsAllowed,
        CpuInstructions.CodeAmx => Avx512BW.IsSupported && HasAvx512Vnni && CodeMemory.IsAllowed && MatrixState.IsAllowed,
        _ => false,
    };

    /// <summary>Leaf 7 of CPUID, bit 11 of ECX (Intel SDM, volume 2A, CPUID).</summary>
    private static bool HasAvx512Vnni => X86Base.IsSupported && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;
}
