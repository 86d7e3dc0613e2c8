using System.Numerics;
using CortexMl.Chain;
using CortexMl.Diagnostics;
using Nethereum.EVM;
using Nethereum.EVM.Exceptions;

namespace CortexMl.Evm.Machine;

/// <summary>
/// Code in which INFER and INFERARRAY may stand, as Cortex's compiler writes them: whenever one of them is the next instruction, it is
/// executed and passed over. As on the chain, a failure costs all gas that is left.
/// </summary>
internal sealed class CortexProgram(byte[] code, ProgramContext context, InferenceCalls inference) : Program(code, context)
{
    public override void SetInstrunctionIndex(int index)
    {
        base.SetInstrunctionIndex(index);
        while (!Stopped && GetCurrentInstruction() is { Instruction: null, Value: CortexOpcodes.Infer or CortexOpcodes.InferArray } next)
        {
            if (!Executes(next.Value)) return;
            base.SetInstrunctionIndex(GetCurrentInstructionIndex() + 1);
        }
    }

    // model, input, place of the output array in memory   ⇒   1
    private bool Executes(byte opcode)
    {
        try
        {
            byte[] model = StackPop(), input = StackPop();
            var place = StackPopAndConvertToUBigInteger();
            long price = inference.Price(opcode, model);
            inference.Await(price);
            UpdateGasUsed(price);
            if (place + ChainRules.WordSize > Memory.Count) throw Outside();
            var words = new BigInteger([.. Memory.GetRange((int)place, ChainRules.WordSize)], isUnsigned: true, isBigEndian: true);
            if (place + (words + 1) * ChainRules.WordSize > Memory.Count) throw Outside();
            byte[] output = inference.RunAsync(opcode, ProgramContext.AddressContract, model, input, words).GetAwaiter().GetResult();
            WriteToMemory((int)place + ChainRules.WordSize, output);
            StackPush(BigInteger.One);
            return true;
        }
        catch (Exception error) when (error is OutOfGasException or DiagnosticException || error.GetType() == typeof(Exception))
        {
            // The last: what the machine throws where the stack is empty.
            GasRemaining = 0;
            ProgramResult.IsRevert = true;
            Stop();
            return false;
        }
    }

    private DiagnosticException Outside() => inference.Failed("the output array lies outside of memory");
}
