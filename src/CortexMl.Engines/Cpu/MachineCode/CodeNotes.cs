namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>What parts of a kernel are for, by the number of the instruction that each begins with.</summary>
internal sealed class CodeNotes
{
    private readonly List<(int Instruction, string Text)> _notes = [];

    public void Add(int instruction, string text) => _notes.Add((instruction, text));

    /// <summary>Those in front of an instruction, in the order in which they were made.</summary>
    public IEnumerable<string> Before(int instruction) => _notes.Where(note => note.Instruction == instruction).Select(note => note.Text);
}
