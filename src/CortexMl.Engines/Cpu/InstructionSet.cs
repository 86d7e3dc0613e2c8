using System.Runtime.Intrinsics.X86;
using CortexMl.Diagnostics;

namespace CortexMl.Engines.Cpu;

/// <summary>What the machine can do.</summary>
public static class InstructionSet
{
    /// <summary>The paths that this machine can run, slowest first.</summary>
    public static IReadOnlyList<CpuInstructions> AtHand { get; } =
        [.. Enum.GetValues<CpuInstructions>().Where(i => i != CpuInstructions.Auto && IsSupported(i))];

    /// <summary>The instruction set that is used where this one is asked for.</summary>
    /// <exception cref="DiagnosticException">The machine lacks the instructions.</exception>
    public static CpuInstructions Resolve(CpuInstructions wanted)
    {
        if (wanted == CpuInstructions.Auto) return AtHand[^1];
        return IsSupported(wanted) ? wanted
            : throw new DiagnosticException(
                EngineCodes.UnsupportedInstructions, $"this machine has no {wanted}", hint: $"it has {string.Join(", ", AtHand)}");
    }

    private static bool IsSupported(CpuInstructions instructions) => instructions switch
    {
        CpuInstructions.Portable => true,
        CpuInstructions.Avx2 => Avx2.IsSupported,
        CpuInstructions.AvxVnni => Avx2.IsSupported && AvxVnni.IsSupported,
        _ => false,
    };
}
