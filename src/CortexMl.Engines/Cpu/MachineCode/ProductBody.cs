using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;
using static Iced.Intel.AssemblerRegisters;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// The sums of a tile: a step takes 32 bits of each pixel (4 bytes or 2 shorts) and multiplies them with the weights of all channels of
/// the column. Steps that together stay within 16 bits (<see cref="StepMerger"/>) are added up there, and widened once.
/// </summary>
internal sealed class ProductBody(VectorWriter write, CodeForm form, ConstantTable constants)
{
    private const int OnesOf16Bits = 0x00010001, StepOffset = sizeof(int), FetchedBytes = 1024;

    private readonly RegisterPlan _plan = new(form.Set, form.Data, form.Tile, form.Merged);

    private Assembler Assembler => write.Assembler;

    private VectorCodes Codes => write.Codes;

    public void Write()
    {
        write.Note($"sums: {form.Tile.InWords}");
        Begin(write, form);
        if (_plan.Widens)
        {
            Assembler.mov(rcx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Constants))]);
            write.Load(_plan.Ones, VectorWriter.At(Register.RCX, constants.Uniform(OnesOf16Bits)));
        }
        Assembler.mov(rsi, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Weights))]);
        Assembler.mov(rdx, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Steps))]);
        int ahead = CodeArguments.Offset(nameof(CodeArguments.Ahead));
        if (form.FetchesAhead) Assembler.mov(rbp, __[rdi + ahead]);
        for (int merged = form.Merged; merged >= 1; merged--) Loop(merged);
        if (form.FetchesAhead) Assembler.mov(__[rdi + ahead], rbp);
    }

    /// <summary>Sums before the first product: zeros, or what is added to every channel.</summary>
    public static void Begin(VectorWriter write, CodeForm form)
    {
        if (form.BeginsWithAddends) write.Assembler.mov(rax, __[rdi + CodeArguments.Offset(nameof(CodeArguments.Tables))]);
        for (int sum = 0; sum < form.Tile.Sums; sum++)
        {
            if (form.BeginsWithAddends) write.Load(sum, VectorWriter.At(Register.RAX, (long)(sum % form.Tile.Vectors) * write.Codes.Bytes));
            else write.Zero(sum);
        }
    }

    /// <summary>Over the steps that are taken so many at a time.</summary>
    private void Loop(int merged)
    {
        int end = CodeArguments.Offset(nameof(CodeArguments.StepEnds)) + ((merged - 1) * sizeof(long));
        Label next = Assembler.CreateLabel(), none = Assembler.CreateLabel();
        Assembler.cmp(rdx, __[rdi + end]);
        Assembler.jae(none);
        Assembler.Label(ref next);
        write.Note(merged == 1 ? "steps, one at a time" : $"steps, {merged} at a time, added up in 16 bits");
        for (int step = 0; step < merged; step++)
            Assembler.movsxd(new AssemblerRegister64(CodeRegisters.Step(step)), __dword_ptr[rdx + (step * StepOffset)]);
        if (form.FetchesAhead) FetchAhead();
        if (_plan.HoldsWeights) ByPixel(merged);
        else ByChannel(merged);
        Assembler.add(rsi, merged * form.Tile.Vectors * Codes.Bytes);
        Assembler.add(rdx, merged * StepOffset);
        Assembler.cmp(rdx, __[rdi + end]);
        Assembler.jb(next);
        Assembler.Label(ref none);
        // A label stands in front of an instruction.
        Assembler.nop();
    }

    /// <summary>
    /// Weights of later steps into the first cache, which those of a column may exceed, and of the next column into the second: a part with
    /// every tile, so that nobody waits for them.
    /// </summary>
    private void FetchAhead()
    {
        for (int vector = 0; vector < form.Tile.Vectors; vector++)
            Assembler.prefetcht0(__[rsi + FetchedBytes + (vector * Codes.Bytes)]);
        Assembler.prefetcht1(__[rbp]);
        Assembler.add(rbp, __[rdi + CodeArguments.Offset(nameof(CodeArguments.AheadStep))]);
    }

    private void ByPixel(int merged)
    {
        int vectors = form.Tile.Vectors, held = Math.Min(merged * vectors, _plan.HeldCount);
        for (int weight = 0; weight < held; weight++) write.Load(_plan.Held + weight, Weight(weight));
        for (int pixel = 0; pixel < form.Tile.Pixels; pixel++)
        {
            for (int step = 0; step < merged; step++)
            {
                write.Broadcast(_plan.Factor, Data(pixel, step));
                for (int vector = 0; vector < vectors; vector++)
                {
                    int weight = (step * vectors) + vector, sum = (pixel * vectors) + vector;
                    if (form.Set.HasVnni())
                    {
                        Multiply(Dot, sum, _plan.Factor, weight, held);
                        continue;
                    }
                    int product = step == 0 ? _plan.Product(vector) : vector + 1 < vectors ? _plan.OtherFactor : _plan.Factor;
                    Multiply(Pairs, product, _plan.Factor, weight, held);
                    if (step > 0) write.Two(Codes.Add16, _plan.Product(vector), _plan.Product(vector), product);
                    if (step == merged - 1) AddTo(sum, _plan.Product(vector));
                }
            }
        }
    }

    private void ByChannel(int merged)
    {
        int pixels = form.Tile.Pixels, vectors = form.Tile.Vectors;
        for (int held = 0; held < merged * pixels; held++) write.Broadcast(_plan.Held + held, Data(held % pixels, held / pixels));
        for (int vector = 0; vector < vectors; vector++)
        {
            for (int pixel = 0; pixel < pixels; pixel++)
            {
                int sum = (pixel * vectors) + vector;
                for (int step = 0; step < merged; step++)
                {
                    int weight = (step * vectors) + vector, data = _plan.Held + (step * pixels) + pixel;
                    if (form.Set.HasVnni())
                    {
                        Multiply(Dot, sum, data, weight, held: 0);
                        continue;
                    }
                    int product = step == 0 ? _plan.Product(0) : _plan.Factor;
                    Multiply(Pairs, product, data, weight, held: 0);
                    if (step > 0) write.Two(Codes.Add16, _plan.Product(0), _plan.Product(0), product);
                }
                if (!form.Set.HasVnni()) AddTo(sum, _plan.Product(0));
            }
        }
    }

    private Code Dot => form.Data == ElementKind.Byte ? Codes.DotBytes : Codes.DotShorts;

    private Code Pairs => form.Data == ElementKind.Byte ? Codes.PairsOfBytes : Codes.PairsOfShorts;

    /// <summary>With a weight in a register, or in memory.</summary>
    private void Multiply(Code code, int to, int data, int weight, int held)
    {
        if (weight < held) write.Two(code, to, data, _plan.Held + weight);
        else write.Two(code, to, data, Weight(weight));
    }

    private void AddTo(int sum, int product)
    {
        if (_plan.Widens) write.Two(Codes.PairsOfShorts, product, product, _plan.Ones);
        write.Two(Codes.Add32, sum, sum, product);
    }

    private MemoryOperand Data(int pixel, int step) => VectorWriter.At(CodeRegisters.Pixel(pixel / form.Tile.Run),
        CodeRegisters.Step(step), scale: 1, (long)(pixel % form.Tile.Run) * form.RunBytes);

    private MemoryOperand Weight(int vector) => VectorWriter.At(Register.RSI, (long)vector * Codes.Bytes);
}
