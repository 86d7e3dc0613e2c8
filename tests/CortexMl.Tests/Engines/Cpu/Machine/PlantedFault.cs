using Iced.Intel;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>A change of an instruction.</summary>
internal delegate void PlantedChange(ref Instruction instruction);

/// <summary>Code with a mistake in it.</summary>
internal static class PlantedFault
{
    /// <summary>The code with all such instructions changed.</summary>
    public static byte[] In(byte[] code, Predicate<Instruction> where, PlantedChange change)
    {
        var decoder = Decoder.Create(64, code);
        List<Instruction> instructions = [];
        while (decoder.IP < (ulong)code.Length) instructions.Add(decoder.Decode());
        Assert.Contains(instructions, where);
        for (int i = 0; i < instructions.Count; i++)
        {
            var instruction = instructions[i];
            if (where(instruction)) change(ref instruction);
            instructions[i] = instruction;
        }
        using var bytes = new MemoryStream();
        var block = new InstructionBlock(new StreamCodeWriter(bytes), instructions, 0);
        Assert.True(BlockEncoder.TryEncode(64, block, out string? error, out _), error);
        return bytes.ToArray();
    }
}
