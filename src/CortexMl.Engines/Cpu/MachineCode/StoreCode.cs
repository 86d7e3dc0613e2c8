using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Stores the sums of a tile, which fit the elements of the result; sums are consumed. 256-bit vectors are packed four (bytes) or two
/// (shorts) at a time, whose 8 channels then lie one after the other; so are 512-bit ones to bytes, and cut off to shorts.
/// </summary>
/// <param name="firstPixel">Of those that are stored.</param>
/// <param name="pixels">How many are stored.</param>
internal sealed class StoreCode(VectorWriter write, CodeForm form, ConstantTable constants, int firstPixel, int pixels)
{
    private const int Half = 8, OfAllBytes = 0x01010101;

    private Assembler Assembler => write.Assembler;

    private int First => firstPixel * form.Tile.Vectors;

    /// <summary>Behind the last sum.</summary>
    private int End => First + (pixels * form.Tile.Vectors);

    private bool IsWide => write.Codes.Lanes > Half;

    public void Write()
    {
        if (form.Result == ElementKind.Int)
        {
            for (int sum = First; sum < End; sum++) write.Store(Target(sum), sum);
        }
        else if (IsWide && form.Result == ElementKind.Byte)
        {
            PackWide();
        }
        else if (IsWide)
        {
            for (int sum = First; sum < End; sum++) Cut(sum);
        }
        else if (form.Result == ElementKind.Short)
        {
            for (int sum = First; sum < End; sum += 2) PackShorts(sum);
        }
        else
        {
            PackBytes();
        }
    }

    private void Cut(int sum) =>
        Assembler.AddInstruction(Instruction.Create(Code.EVEX_Vpmovdw_ymmm256_k1z_zmm, Target(sum), write[sum]));

    /// <summary>Four vectors to the bytes of one: packing leaves four channels of each in every 128 bits.</summary>
    private void PackWide()
    {
        var codes = SlidingStoreCodes.Of(write.Codes);
        int order = form.Tile.Sums;
        write.Load(order, VectorWriter.At(Register.RCX, constants.Vector([0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15])));
        for (int sum = First; sum < End; sum += 4)
        {
            int count = Math.Min(4, End - sum);
            write.Two(codes.PackShorts, sum, sum, sum + Math.Min(1, count - 1));
            if (count > 2) write.Two(codes.PackShorts, sum + 2, sum + 2, sum + Math.Min(3, count - 1));
            write.Two(form.ResultOffset != 0 ? codes.PackSigned : codes.PackUnsigned, sum, sum, count > 2 ? sum + 2 : sum);
            if (form.ResultOffset != 0) write.Two(write.Codes.Zero, sum, sum, Constant(unchecked((int)0x80808080)));
            var (least, greatest) = form.Bytes;
            if (greatest < byte.MaxValue) write.Two(write.Codes.LeastBytes, sum, sum, Constant(greatest * OfAllBytes));
            if (least > 0) write.Two(write.Codes.GreatestBytes, sum, sum, Constant(least * OfAllBytes));
            write.Two(Code.EVEX_Vpermd_zmm_k1z_zmm_zmmm512b32, sum, order, sum);
            StoreQuarters(sum, count);
        }
    }

    /// <summary>The bytes of up to four sums, those of a pixel together.</summary>
    private void StoreQuarters(int first, int count)
    {
        for (int i = 0; i < count;)
        {
            int together = Math.Min(count - i, form.Tile.Vectors - ((first + i) % form.Tile.Vectors));
            if (together == 4)
            {
                write.Store(Target(first), first);
                return;
            }
            bool isHalf = together >= 2 && i % 2 == 0;
            Assembler.AddInstruction(Instruction.Create(
                isHalf ? Code.EVEX_Vextracti64x4_ymmm256_k1z_zmm_imm8 : Code.EVEX_Vextracti32x4_xmmm128_k1z_zmm_imm8,
                Target(first + i), write[first], isHalf ? i / 2 : i));
            i += isHalf ? 2 : 1;
        }
    }

    private void PackShorts(int sum)
    {
        bool isPair = sum + 1 < End;
        write.Two(Code.VEX_Vpackssdw_ymm_ymm_ymmm256, sum, sum, isPair ? sum + 1 : sum);
        Assembler.AddInstruction(Instruction.Create(Code.VEX_Vpermq_ymm_ymmm256_imm8, write[sum], write[sum], 0b11011000));
        Assembler.AddInstruction(Instruction.Create(Code.VEX_Vmovdqu_xmmm128_xmm, Target(sum), Lower(sum)));
        if (isPair)
            Assembler.AddInstruction(Instruction.Create(Code.VEX_Vextracti128_xmmm128_ymm_imm8, Target(sum + 1), write[sum], 1));
    }

    private void PackBytes()
    {
        int order = form.Tile.Sums, upper = order + 1, last = End - 1;
        write.Load(order, VectorWriter.At(Register.RCX, constants.Vector([0, 4, 1, 5, 2, 6, 3, 7])));
        for (int sum = First; sum <= last; sum += 4)
        {
            int second = Math.Min(sum + 1, last), third = Math.Min(sum + 2, last), fourth = Math.Min(sum + 3, last);
            bool isSigned = form.ResultOffset != 0;
            write.Two(Code.VEX_Vpackssdw_ymm_ymm_ymmm256, sum, sum, second);
            if (third > second) write.Two(Code.VEX_Vpackssdw_ymm_ymm_ymmm256, third, third, fourth);
            var pack = isSigned ? Code.VEX_Vpacksswb_ymm_ymm_ymmm256 : Code.VEX_Vpackuswb_ymm_ymm_ymmm256;
            write.Two(pack, sum, sum, third > second ? third : sum);
            if (isSigned) write.Two(write.Codes.Zero, sum, sum, Constant(unchecked((int)0x80808080)));
            ClampBytes(sum);
            write.Two(Code.VEX_Vpermd_ymm_ymm_ymmm256, sum, order, sum);
            StoreTwo(sum, sum, last);
            if (third == second) continue;
            Assembler.AddInstruction(
                Instruction.Create(Code.VEX_Vextracti128_xmmm128_ymm_imm8, Lower(upper), write[sum], 1));
            StoreTwo(upper, third, last);
        }
    }

    private void ClampBytes(int sum)
    {
        var (least, greatest) = form.Bytes;
        if (greatest < byte.MaxValue) write.Two(write.Codes.LeastBytes, sum, sum, Constant(greatest * OfAllBytes));
        if (least > 0) write.Two(write.Codes.GreatestBytes, sum, sum, Constant(least * OfAllBytes));
    }

    /// <summary>Stores the 16 bytes of two sums, one of which may be missing.</summary>
    private void StoreTwo(int packed, int sum, int last)
    {
        var register = Lower(packed);
        if (sum < last && sum % form.Tile.Vectors + 1 < form.Tile.Vectors)
        {
            Assembler.AddInstruction(Instruction.Create(Code.VEX_Vmovdqu_xmmm128_xmm, Target(sum), register));
            return;
        }
        Assembler.AddInstruction(Instruction.Create(Code.VEX_Vmovq_xmmm64_xmm, Target(sum), register));
        if (sum < last) Assembler.AddInstruction(Instruction.Create(Code.VEX_Vmovhps_m64_xmm, Target(sum + 1), register));
    }

    private Register Lower(int register) => Register.XMM0 + register;

    private MemoryOperand Target(int sum) => VectorWriter.At(
        CodeRegisters.Pixel((sum / form.Tile.Vectors) - firstPixel),
        (long)(sum % form.Tile.Vectors) * write.Codes.Lanes * (int)form.Result);

    private MemoryOperand Constant(int number) => VectorWriter.At(Register.RCX, constants.Uniform(number));
}
