using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>Code that the machine knows, from its first byte to its last.</summary>
internal sealed class X86Program
{
    private static readonly CpuidFeature[] s_ofEveryX64 =
        [CpuidFeature.INTEL8086, CpuidFeature.INTEL386, CpuidFeature.X64, CpuidFeature.SSE];

    private readonly List<(X86Action Action, X86Operand[] Operands, Instruction Instruction)> _steps = [];

    /// <param name="allowed">Features that the processor has beside those of every x64; null for any.</param>
    /// <exception cref="X86Fault">An instruction, or a kind of operand, that the machine does not know, or the processor lacks.</exception>
    public X86Program(byte[] code, IReadOnlySet<CpuidFeature>? allowed = null)
    {
        var decoder = Decoder.Create(64, code);
        List<Instruction> instructions = [];
        while (decoder.IP < (ulong)code.Length) instructions.Add(decoder.Decode());
        var places = instructions.Select((instruction, i) => (instruction.IP, Index: i)).ToDictionary(p => p.IP, p => p.Index);
        foreach (var instruction in instructions)
        {
            if (instruction.IsInvalid) throw new X86Fault($"no instruction at byte {instruction.IP}");
            if (Lacking(instruction, allowed) is { } lacking) throw new X86Fault($"{instruction} needs {lacking}");
            X86Operand[] operands = [.. Enumerable.Range(0, instruction.OpCount).Select(i => X86Operand.Of(instruction, i))];
            if (instruction.HasOpMask) operands = [.. operands, X86Operand.Of(instruction.OpMask)];
            if (operands is [{ Shape: 'b', Number: var target }])
            {
                if (!places.TryGetValue(target, out int at)) throw new X86Fault($"{instruction} goes into the middle of an instruction");
                operands = [operands[0] with { Number = (ulong)at }];
            }
            _steps.Add((Find(instruction, operands) ?? throw new X86Fault($"unknown instruction: {instruction}"), operands, instruction));
        }
    }

    public IEnumerable<Instruction> Instructions => _steps.Select(step => step.Instruction);

    /// <exception cref="X86Fault">The code does what no code may.</exception>
    public void Run(X86State state)
    {
        while (state.Next >= 0)
        {
            if (state.Next >= _steps.Count) throw new X86Fault("runs past its end");
            var (action, operands, instruction) = _steps[state.Next++];
            try
            {
                action(state, operands);
            }
            catch (X86Fault fault)
            {
                throw new X86Fault($"{instruction}: {fault.Message}");
            }
        }
    }

    private static CpuidFeature? Lacking(Instruction instruction, IReadOnlySet<CpuidFeature>? allowed)
    {
        if (allowed is null) return null;
        foreach (var feature in instruction.CpuidFeatures)
        {
            if (!s_ofEveryX64.Contains(feature) && !allowed.Contains(feature)) return feature;
        }
        return null;
    }

    private static X86Action? Find(Instruction instruction, X86Operand[] operands)
    {
        string shape = string.Concat(operands.Select(operand => operand.Shape));
        bool isOdd = instruction.ZeroingMasking || instruction.RoundingControl != RoundingControl.None || instruction.HasLockPrefix;
        if (isOdd) return null;
        if (X86Masks.Rows.TryGetValue(instruction.Mnemonic, out var masks)) return Knows(masks.Shapes, shape) ? masks.Action : null;
        if (instruction.HasOpMask) return null;
        if (X86General.Rows.TryGetValue(instruction.Mnemonic, out var general))
        {
            // What is extended has 32 bits, and an address that is not gone to has none.
            var wide = instruction.Mnemonic switch
            {
                Mnemonic.Movsxd or Mnemonic.Lea => operands[..1],
                Mnemonic.Prefetcht0 or Mnemonic.Prefetcht1 => [],
                _ => operands,
            };
            return Knows(general.Shapes, shape) && wide.All(operand => operand.Bytes == sizeof(ulong)) ? general.Action : null;
        }
        if (X86Matrices.Rows.TryGetValue(instruction.Mnemonic, out var matrix)) return Knows(matrix.Shapes, shape) ? matrix.Action : null;
        return X86Vectors.Rows.TryGetValue(instruction.Mnemonic, out var vector) && Knows(vector.Shapes, shape)
            ? (state, o) => Compute(vector.Compute, state, o) : null;
    }

    private static bool Knows(string shapes, string shape) => shapes.Split(' ').Contains(shape);

    private static void Compute(X86Vector compute, X86State state, X86Operand[] operands)
    {
        Span<byte> result = stackalloc byte[X86State.VectorBytes], second = stackalloc byte[X86State.VectorBytes],
            third = stackalloc byte[X86State.VectorBytes];
        var to = operands[0];
        result = result[..to.Bytes];
        if (to.Shape == 'v') state.Vector(to.Register)[..to.Bytes].CopyTo(result);
        var left = operands[1].ReadBytes(state, second);
        var right = operands.Length > 2 && operands[2].Shape != 'i' ? operands[2].ReadBytes(state, third) : default;
        compute(result, left, right, operands[^1].Shape == 'i' ? (int)operands[^1].Number : 0);
        to.WriteBytes(state, result);
    }
}
