using Iced.Intel;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>One width of vectors: its registers, and how each operation is encoded for them.</summary>
internal sealed record VectorCodes
{
    public static VectorCodes Xmm { get; } = new()
    {
        First = Register.XMM0, Registers = 16, Bytes = 16, Load = Code.VEX_Vmovdqu_xmm_xmmm128, Store = Code.VEX_Vmovdqu_xmmm128_xmm,
        Broadcast = Code.VEX_Vpbroadcastd_xmm_xmmm32, Zero = Code.VEX_Vpxor_xmm_xmm_xmmm128, Add16 = Code.VEX_Vpaddw_xmm_xmm_xmmm128,
        Add32 = Code.VEX_Vpaddd_xmm_xmm_xmmm128, Subtract32 = Code.VEX_Vpsubd_xmm_xmm_xmmm128,
        Multiply32 = Code.VEX_Vpmulld_xmm_xmm_xmmm128, Least32 = Code.VEX_Vpminsd_xmm_xmm_xmmm128,
        Greatest32 = Code.VEX_Vpmaxsd_xmm_xmm_xmmm128, LeastBytes = Code.VEX_Vpminub_xmm_xmm_xmmm128,
        GreatestBytes = Code.VEX_Vpmaxub_xmm_xmm_xmmm128, GreatestShorts = Code.VEX_Vpmaxsw_xmm_xmm_xmmm128,
        ShiftRight32 = Code.VEX_Vpsrad_xmm_xmm_imm8, ShiftLeft32 = Code.VEX_Vpslld_xmm_xmm_imm8,
        PairsOfBytes = Code.VEX_Vpmaddubsw_xmm_xmm_xmmm128, PairsOfShorts = Code.VEX_Vpmaddwd_xmm_xmm_xmmm128,
        DotBytes = Code.VEX_Vpdpbusd_xmm_xmm_xmmm128, DotShorts = Code.VEX_Vpdpwssd_xmm_xmm_xmmm128,
        WidenBytes = Code.VEX_Vpmovzxbd_xmm_xmmm32, WidenShorts = Code.VEX_Vpmovsxwd_xmm_xmmm64,
    };

    public static VectorCodes Ymm { get; } = new()
    {
        First = Register.YMM0, Registers = 16, Bytes = 32, Load = Code.VEX_Vmovdqu_ymm_ymmm256, Store = Code.VEX_Vmovdqu_ymmm256_ymm,
        Broadcast = Code.VEX_Vpbroadcastd_ymm_xmmm32, Zero = Code.VEX_Vpxor_ymm_ymm_ymmm256, Add16 = Code.VEX_Vpaddw_ymm_ymm_ymmm256,
        Add32 = Code.VEX_Vpaddd_ymm_ymm_ymmm256, Subtract32 = Code.VEX_Vpsubd_ymm_ymm_ymmm256,
        Multiply32 = Code.VEX_Vpmulld_ymm_ymm_ymmm256, Least32 = Code.VEX_Vpminsd_ymm_ymm_ymmm256,
        Greatest32 = Code.VEX_Vpmaxsd_ymm_ymm_ymmm256, LeastBytes = Code.VEX_Vpminub_ymm_ymm_ymmm256,
        GreatestBytes = Code.VEX_Vpmaxub_ymm_ymm_ymmm256, GreatestShorts = Code.VEX_Vpmaxsw_ymm_ymm_ymmm256,
        ShiftRight32 = Code.VEX_Vpsrad_ymm_ymm_imm8,
        ShiftLeft32 = Code.VEX_Vpslld_ymm_ymm_imm8, PairsOfBytes = Code.VEX_Vpmaddubsw_ymm_ymm_ymmm256,
        PairsOfShorts = Code.VEX_Vpmaddwd_ymm_ymm_ymmm256, DotBytes = Code.VEX_Vpdpbusd_ymm_ymm_ymmm256,
        DotShorts = Code.VEX_Vpdpwssd_ymm_ymm_ymmm256, WidenBytes = Code.VEX_Vpmovzxbd_ymm_xmmm64,
        WidenShorts = Code.VEX_Vpmovsxwd_ymm_xmmm128,
    };

    public static VectorCodes Zmm { get; } = new()
    {
        First = Register.ZMM0, Registers = 32, Bytes = 64, Load = Code.EVEX_Vmovdqu32_zmm_k1z_zmmm512,
        Store = Code.EVEX_Vmovdqu32_zmmm512_k1z_zmm, Broadcast = Code.EVEX_Vpbroadcastd_zmm_k1z_xmmm32,
        Zero = Code.EVEX_Vpxord_zmm_k1z_zmm_zmmm512b32, Add16 = Code.EVEX_Vpaddw_zmm_k1z_zmm_zmmm512,
        Add32 = Code.EVEX_Vpaddd_zmm_k1z_zmm_zmmm512b32, Subtract32 = Code.EVEX_Vpsubd_zmm_k1z_zmm_zmmm512b32,
        Multiply32 = Code.EVEX_Vpmulld_zmm_k1z_zmm_zmmm512b32, Least32 = Code.EVEX_Vpminsd_zmm_k1z_zmm_zmmm512b32,
        Greatest32 = Code.EVEX_Vpmaxsd_zmm_k1z_zmm_zmmm512b32, LeastBytes = Code.EVEX_Vpminub_zmm_k1z_zmm_zmmm512,
        GreatestBytes = Code.EVEX_Vpmaxub_zmm_k1z_zmm_zmmm512, GreatestShorts = Code.EVEX_Vpmaxsw_zmm_k1z_zmm_zmmm512,
        ShiftRight32 = Code.EVEX_Vpsrad_zmm_k1z_zmmm512b32_imm8,
        ShiftLeft32 = Code.EVEX_Vpslld_zmm_k1z_zmmm512b32_imm8, PairsOfBytes = Code.EVEX_Vpmaddubsw_zmm_k1z_zmm_zmmm512,
        PairsOfShorts = Code.EVEX_Vpmaddwd_zmm_k1z_zmm_zmmm512, DotBytes = Code.EVEX_Vpdpbusd_zmm_k1z_zmm_zmmm512b32,
        DotShorts = Code.EVEX_Vpdpwssd_zmm_k1z_zmm_zmmm512b32, WidenBytes = Code.EVEX_Vpmovzxbd_zmm_k1z_xmmm128,
        WidenShorts = Code.EVEX_Vpmovsxwd_zmm_k1z_ymmm256,
    };

    public required Register First { get; init; }

    public required int Registers { get; init; }

    /// <summary>Of a vector.</summary>
    public required int Bytes { get; init; }

    /// <summary>Numbers of 32 bits in a vector.</summary>
    public int Lanes => Bytes / sizeof(int);

    public required Code Load { get; init; }

    public required Code Store { get; init; }

    /// <summary>The same 32 bits of memory in every lane.</summary>
    public required Code Broadcast { get; init; }

    /// <summary>Exclusive or.</summary>
    public required Code Zero { get; init; }

    public required Code Add16 { get; init; }

    public required Code Add32 { get; init; }

    public required Code Subtract32 { get; init; }

    public required Code Multiply32 { get; init; }

    public required Code Least32 { get; init; }

    public required Code Greatest32 { get; init; }

    public required Code LeastBytes { get; init; }

    public required Code GreatestBytes { get; init; }

    /// <summary>Signed.</summary>
    public required Code GreatestShorts { get; init; }

    /// <summary>Arithmetic, by a number in the instruction.</summary>
    public required Code ShiftRight32 { get; init; }

    public required Code ShiftLeft32 { get; init; }

    /// <summary>Two products of unsigned and signed bytes, added up in 16 bits, saturating.</summary>
    public required Code PairsOfBytes { get; init; }

    /// <summary>Two products of 16 bits, added up in 32.</summary>
    public required Code PairsOfShorts { get; init; }

    /// <summary>Four products of unsigned and signed bytes, added to 32 bits.</summary>
    public required Code DotBytes { get; init; }

    public required Code DotShorts { get; init; }

    /// <summary>Unsigned bytes of memory as 32 bits.</summary>
    public required Code WidenBytes { get; init; }

    public required Code WidenShorts { get; init; }
}
