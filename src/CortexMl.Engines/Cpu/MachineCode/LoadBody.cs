using Iced.Intel;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>The elements of a tile's pixels as 32 bits: what element-wise groups and upsampling begin with.</summary>
internal sealed class LoadBody(VectorWriter write, CodeForm form)
{
    public void Write()
    {
        write.Note($"elements: {form.Tile.InWords}");
        int bytes = write.Codes.Lanes * (int)form.Data;
        for (int sum = 0; sum < form.Tile.Sums; sum++)
        {
            write.Widen(form.Data, sum, VectorWriter.At(
                CodeRegisters.Pixel(sum / form.Tile.Vectors), (long)(sum % form.Tile.Vectors) * bytes));
        }
    }
}
