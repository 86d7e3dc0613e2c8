using System.Globalization;
using System.Reflection;
using System.Text;
using Iced.Intel;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>What parts of a kernel are for, by the number of the instruction that each begins with.</summary>
internal sealed class CodeNotes
{
    private readonly List<(int Instruction, string Text)> _notes = [];

    public void Add(int instruction, string text) => _notes.Add((instruction, text));

    /// <summary>Those in front of an instruction, in the order in which they were made.</summary>
    public IEnumerable<string> Before(int instruction) => _notes.Where(note => note.Instruction == instruction).Select(note => note.Text);
}

/// <summary>A kernel as assembly: an instruction a line, notes as comments, jumps to numbered labels, arguments by their names.</summary>
internal static class CodeText
{
    public static string Of(CodeForm form)
    {
        var notes = new CodeNotes();
        byte[] code = KernelFrame.Write(form, new ConstantTable(form.Vectors.Lanes), isWindows: false, notes);
        var instructions = Decoded(code);
        var labels = new LabelNames(instructions);
        var formatter = new IntelFormatter(labels);
        formatter.Options.SpaceAfterOperandSeparator = true;
        formatter.Options.SpaceBetweenMemoryAddOperators = true;
        formatter.Options.HexPrefix = "0x";
        formatter.Options.HexSuffix = "";
        formatter.Options.ShowBranchSize = false;
        var text = new StringBuilder();
        var line = new StringOutput();
        for (int i = 0; i < instructions.Count; i++)
        {
            if (labels.Of(instructions[i].IP) is { } label) text.Append(CultureInfo.InvariantCulture, $"{label}:\n");
            foreach (string note in notes.Before(i)) text.Append(CultureInfo.InvariantCulture, $"  ; {note}\n");
            formatter.Format(instructions[i], line);
            text.Append(CultureInfo.InvariantCulture, $"  {line.ToStringAndReset()}\n");
        }
        return text.ToString();
    }

    private static List<Instruction> Decoded(byte[] code)
    {
        var decoder = Iced.Intel.Decoder.Create(64, code);
        var all = new List<Instruction>();
        while (decoder.IP < (ulong)code.Length) all.Add(decoder.Decode());
        return all;
    }

    /// <summary>Names of the addresses that jumps lead to, and of the arguments behind rdi.</summary>
    private sealed class LabelNames(IReadOnlyList<Instruction> instructions) : ISymbolResolver
    {
        private static readonly FieldInfo[] s_arguments = typeof(CodeArguments).GetFields(BindingFlags.Public | BindingFlags.Instance);

        private readonly List<ulong> _targets =
            [.. instructions.Where(i => i.IsJccShortOrNear || i.IsJmpShortOrNear).Select(i => i.NearBranchTarget).Distinct().Order()];

        public string? Of(ulong address) =>
            _targets.IndexOf(address) is var index and >= 0 ? string.Create(CultureInfo.InvariantCulture, $"L{index + 1}") : null;

        public bool TryGetSymbol(
            in Instruction instruction, int operand, int instructionOperand, ulong address, int addressSize, out SymbolResult symbol)
        {
            bool isArgument = instruction.MemoryBase == Register.RDI && instructionOperand >= 0
                && instruction.GetOpKind(instructionOperand) == OpKind.Memory;
            string? name = isArgument ? Argument((int)address) : Of(address);
            symbol = name is null ? default : new SymbolResult(address, name);
            return name is not null;
        }

        /// <summary>A field, or an element of one that is a list.</summary>
        private static string Argument(int offset)
        {
            var field = s_arguments.Last(f => CodeArguments.Offset(f.Name) <= offset);
            int index = (offset - CodeArguments.Offset(field.Name)) / sizeof(long);
            return index == 0 ? field.Name : string.Create(CultureInfo.InvariantCulture, $"{field.Name}[{index}]");
        }
    }
}
