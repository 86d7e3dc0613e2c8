using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Stores the sums of a depthwise tile: packing works inside 128 bits, as interleaving did, and brings channels back into their order,
/// eight of them in each 128 bits, 16 channels apart in the result.
/// </summary>
internal sealed class SlidingStore(VectorWriter write, CodeForm form, ConstantTable constants)
{
    private const int OfAllBytes = 0x01010101, LaneChannels = 16, QuarterBytes = 16;

    private readonly SlidingStoreCodes _codes = SlidingStoreCodes.Of(write.Codes);

    private int Quarter => form.Tile.Sums;

    public void Write()
    {
        for (int pixel = 0; pixel < form.Tile.Pixels; pixel++)
        {
            int sum = pixel * SlidingBody.Halves;
            if (form.Result == ElementKind.Int)
            {
                StoreQuarters(sum, pixel, 0);
                StoreQuarters(sum + 1, pixel, LaneChannels / 4);
                continue;
            }
            write.Two(_codes.PackShorts, sum, sum, sum + 1);
            if (form.Result == ElementKind.Short) StoreQuarters(sum, pixel, 0);
        }
        if (form.Result != ElementKind.Byte) return;
        for (int pixel = 0; pixel < form.Tile.Pixels; pixel += 2) StoreBytes(pixel);
    }

    /// <summary>Of two pixels, or the last one.</summary>
    private void StoreBytes(int pixel)
    {
        bool isSigned = form.ResultOffset != 0, isPair = pixel + 1 < form.Tile.Pixels;
        int sum = pixel * SlidingBody.Halves;
        write.Two(isSigned ? _codes.PackSigned : _codes.PackUnsigned, sum, sum, isPair ? sum + SlidingBody.Halves : sum);
        if (isSigned) write.Two(write.Codes.Zero, sum, sum, Constant(unchecked((int)0x80808080)));
        var (least, greatest) = form.Bytes;
        if (greatest < byte.MaxValue) write.Two(write.Codes.LeastBytes, sum, sum, Constant(greatest * OfAllBytes));
        if (least > 0) write.Two(write.Codes.GreatestBytes, sum, sum, Constant(least * OfAllBytes));
        Quarters(sum, (quarter, register) =>
        {
            Add(Instruction.Create(_codes.StoreLow, Target(pixel, quarter, 0), register));
            if (isPair) Add(Instruction.Create(_codes.StoreHigh, Target(pixel + 1, quarter, 0), register));
        });
    }

    /// <summary>The 128 bits of a vector, one after the other in a register of that size.</summary>
    private void Quarters(int register, Action<int, Register> store)
    {
        store(0, Register.XMM0 + register);
        for (int quarter = 1; quarter * QuarterBytes < write.Codes.Bytes; quarter++)
        {
            Add(Instruction.Create(_codes.Extract, Register.XMM0 + Quarter, write[register], quarter));
            store(quarter, Register.XMM0 + Quarter);
        }
    }

    /// <summary>Each 128 bits of a vector into memory.</summary>
    private void StoreQuarters(int register, int pixel, int channel)
    {
        for (int quarter = 0; quarter * QuarterBytes < write.Codes.Bytes; quarter++)
            Add(Instruction.Create(_codes.Extract, Target(pixel, quarter, channel), write[register], quarter));
    }

    private MemoryOperand Target(int pixel, int quarter, int channel) => VectorWriter.At(CodeRegisters.Pixel(0),
        ((long)pixel * form.Sliding!.ResultPixelBytes) + (((quarter * LaneChannels) + channel) * (int)form.Result));

    private MemoryOperand Constant(int number) => VectorWriter.At(Register.RCX, constants.Uniform(number));

    private void Add(Instruction instruction) => write.Assembler.AddInstruction(instruction);
}

/// <summary>Instructions that pack and store, of either width.</summary>
internal sealed record SlidingStoreCodes
{
    private static readonly SlidingStoreCodes s_ymm = new()
    {
        PackShorts = Code.VEX_Vpackssdw_ymm_ymm_ymmm256, PackSigned = Code.VEX_Vpacksswb_ymm_ymm_ymmm256,
        PackUnsigned = Code.VEX_Vpackuswb_ymm_ymm_ymmm256, Extract = Code.VEX_Vextracti128_xmmm128_ymm_imm8,
        StoreLow = Code.VEX_Vmovq_xmmm64_xmm, StoreHigh = Code.VEX_Vmovhps_m64_xmm,
    };

    private static readonly SlidingStoreCodes s_zmm = new()
    {
        PackShorts = Code.EVEX_Vpackssdw_zmm_k1z_zmm_zmmm512b32, PackSigned = Code.EVEX_Vpacksswb_zmm_k1z_zmm_zmmm512,
        PackUnsigned = Code.EVEX_Vpackuswb_zmm_k1z_zmm_zmmm512, Extract = Code.EVEX_Vextracti32x4_xmmm128_k1z_zmm_imm8,
        StoreLow = Code.EVEX_Vmovq_xmmm64_xmm, StoreHigh = Code.EVEX_Vmovhps_m64_xmm,
    };

    public required Code PackShorts { get; init; }

    public required Code PackSigned { get; init; }

    public required Code PackUnsigned { get; init; }

    /// <summary>128 bits of a vector.</summary>
    public required Code Extract { get; init; }

    /// <summary>The lower 64 of 128 bits.</summary>
    public required Code StoreLow { get; init; }

    public required Code StoreHigh { get; init; }

    public static SlidingStoreCodes Of(VectorCodes vectors) => vectors == VectorCodes.Ymm ? s_ymm : s_zmm;
}
