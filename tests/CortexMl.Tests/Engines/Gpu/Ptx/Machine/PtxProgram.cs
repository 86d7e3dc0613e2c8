namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>PTX that the machine refuses, or what a kernel does that no kernel may.</summary>
public sealed class PtxFault(string message) : Exception(message);

/// <summary>A variable of a kernel: a parameter, or an array in shared memory or in that of a thread.</summary>
/// <param name="Offset">In bytes, among the variables of its kind.</param>
internal readonly record struct PtxVariable(string Name, int Offset, int Bytes, int Alignment)
{
    /// <summary>The next free offset behind a variable, aligned for one to come.</summary>
    public static int Place(IReadOnlyList<PtxVariable> before, int alignment)
    {
        int end = before.Count == 0 ? 0 : before[^1].Offset + before[^1].Bytes;
        return (end + alignment - 1) / alignment * alignment;
    }
}

/// <summary>Where an instruction stands in the text.</summary>
internal readonly record struct PtxSource(int Line, string Text)
{
    public override string ToString() => $"line {Line}: {Text}";
}

/// <summary>A kernel, decoded.</summary>
internal sealed class PtxProgram
{
    public required string Name { get; init; }

    /// <summary>The architecture that it is for, as in <c>sm_80</c>.</summary>
    public required int Target { get; init; }

    public required IReadOnlyList<PtxVariable> Parameters { get; init; }

    public required IReadOnlyList<PtxVariable> Shared { get; init; }

    public required IReadOnlyList<PtxVariable> Local { get; init; }

    public required PtxInstruction[] Code { get; init; }

    /// <summary>Of every instruction.</summary>
    public required PtxSource[] Sources { get; init; }

    /// <summary>What a thread's slots hold when it starts: see <see cref="PtxRegisters"/>.</summary>
    public required ulong[] Slots { get; init; }

    public int ParameterBytes => PtxVariable.Place(Parameters, 1);

    public int SharedBytes => PtxVariable.Place(Shared, 1);

    public int LocalBytes => PtxVariable.Place(Local, 1);
}
