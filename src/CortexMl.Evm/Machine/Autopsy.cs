using Nethereum.EVM;
using Nethereum.EVM.Gas;

namespace CortexMl.Evm.Machine;

/// <summary>Why code stopped that says nothing: by the instruction at which it did, and the gas that was left.</summary>
internal static class Autopsy
{
    /// <summary>What the first access of an account or a word costs more; afterwards nothing tells that it was the first.</summary>
    private const int MostFirstAccess = 2600;

    /// <summary>So much must be left where a word is stored.</summary>
    private const int StoreReserve = 2300;

    private static readonly Instruction[] s_accessing =
    [
        Instruction.SLOAD, Instruction.SSTORE, Instruction.BALANCE, Instruction.EXTCODESIZE, Instruction.EXTCODECOPY,
        Instruction.EXTCODEHASH, Instruction.CALL, Instruction.CALLCODE, Instruction.DELEGATECALL, Instruction.STATICCALL,
        Instruction.SELFDESTRUCT,
    ];

    public static async Task<string> OfAsync(CortexProgram program)
    {
        if (program.GetCurrentInstructionIndex() >= program.Instructions.Count) return "the code failed";
        var next = program.GetCurrentInstruction();
        string place = $"at byte {next.Step} of the code";
        if (next.Value is CortexOpcodes.Infer or CortexOpcodes.InferArray) return $"an inference {place} without its three values";
        if (next.Instruction is not { } instruction) return $"there is no instruction 0x{next.Value:x2}, {place}";
        if (instruction == Instruction.INVALID)
            return $"an invalid instruction {place}: an assertion that does not hold, or an index out of range";
        var left = program.ProgramContext.Gas - program.TotalGasUsed;
        try
        {
            var price = await OpcodeGasTable.GetGasCostAsync(instruction, program);
            if (s_accessing.Contains(instruction)) price += MostFirstAccess;
            if (price > left || (instruction == Instruction.SSTORE && left <= StoreReserve))
                return $"out of gas {place}: {left} left for {instruction}";
        }
        catch (Exception)
        {
            // The stack is too short for a price.
        }
        return $"{instruction}, {place}: too few values, a jump to nowhere, or a change in a call that only reads";
    }
}
