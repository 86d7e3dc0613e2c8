namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Instructions that generated code is made of.</summary>
internal enum CodeSet
{
    /// <summary>256 bits: vpmaddubsw, vpmaddwd.</summary>
    Avx2,

    /// <summary>256 bits with vpdpbusd and vpdpwssd, as VEX encodes them.</summary>
    AvxVnni,

    /// <summary>512 bits: vpmaddubsw, vpmaddwd.</summary>
    Avx512,

    /// <summary>512 bits with vpdpbusd and vpdpwssd.</summary>
    Avx512Vnni,

    /// <summary>The same, and tdpbusd on matrices of 16 rows of 64 bytes.</summary>
    Amx,
}

/// <summary>What the sets have in common.</summary>
internal static class CodeSets
{
    public static bool HasVnni(this CodeSet set) => set is CodeSet.AvxVnni or CodeSet.Avx512Vnni or CodeSet.Amx;

    public static bool HasMatrices(this CodeSet set) => set is CodeSet.Amx;

    public static VectorCodes Vectors(this CodeSet set) => set is CodeSet.Avx2 or CodeSet.AvxVnni ? VectorCodes.Ymm : VectorCodes.Zmm;

    /// <summary>The set that an instruction set of the engine stands for; null for one of intrinsics.</summary>
    public static CodeSet? Code(this CpuInstructions instructions) => instructions switch
    {
        CpuInstructions.CodeAvx2 => CodeSet.Avx2,
        CpuInstructions.CodeAvxVnni => CodeSet.AvxVnni,
        CpuInstructions.CodeAvx512 => CodeSet.Avx512,
        CpuInstructions.CodeAvx512Vnni => CodeSet.Avx512Vnni,
        CpuInstructions.CodeAmx => CodeSet.Amx,
        _ => null,
    };
}
