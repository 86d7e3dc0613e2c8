using System.Globalization;
using System.Text.RegularExpressions;

namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>Makes instructions of statements.</summary>
internal sealed partial class PtxDecoder(PtxRegisters registers, IReadOnlyList<PtxVariable> parameters)
{
    private readonly List<PtxInstruction> _code = [];
    private readonly List<PtxSource> _sources = [];
    private readonly Dictionary<string, int> _labels = new(StringComparer.Ordinal);
    private readonly List<(int At, string Label)> _branches = [];
    private readonly Dictionary<string, ulong> _addresses = new(StringComparer.Ordinal);

    public PtxSource[] Sources => [.. _sources];

    public bool UsesDot4 => _code.Any(i => i.Op == PtxOp.Dot4);

    /// <summary>The code, every branch at its label.</summary>
    public PtxInstruction[] Finish()
    {
        if (_code is [] or [.., { Op: not PtxOp.Exit and not PtxOp.Branch }] or [.., { Op: PtxOp.If or PtxOp.Unless }, _])
            throw new PtxFault("the last instruction neither returns nor branches");
        foreach (var (at, label) in _branches)
        {
            if (!_labels.TryGetValue(label, out int to) || to == _code.Count) throw new PtxFault($"no instruction behind {label}");
            _code[at] = _code[at] with { D = to };
        }
        return [.. _code];
    }

    public void Label(string name)
    {
        if (!_labels.TryAdd(name, _code.Count)) throw new PtxFault($"label {name} stands twice");
    }

    /// <summary>Makes a name known that <c>mov.b64</c> takes the address of.</summary>
    public void Address(string name, ulong address) => _addresses.Add(name, address);

    public void Decode(PtxSource source)
    {
        var match = Statement().Match(source.Text);
        if (!match.Success) throw new PtxFault("no statement that is known");
        if (match.Groups["guard"].Success)
            Add(new(match.Groups["not"].Success ? PtxOp.If : PtxOp.Unless, A: Read(match.Groups["guard"].Value, 1)), source);
        var operands = match.Groups["operands"];
        string[] list = operands.Success ? operands.Value.Split(',', StringSplitOptions.TrimEntries) : [];
        Add(Instruction(match.Groups["name"].Value, list), source);
    }

    private void Add(PtxInstruction instruction, PtxSource source)
    {
        _code.Add(instruction);
        _sources.Add(source);
    }

    private PtxInstruction Instruction(string name, string[] operands)
    {
        switch (name)
        {
            case "ret": Expect(operands, 0); return new(PtxOp.Exit);
            case "bar.sync":
                Expect(operands, 1);
                return operands[0] == "0" ? new(PtxOp.Barrier) : throw new PtxFault("a barrier other than 0");
            case "bra" or "bra.uni":
                Expect(operands, 1);
                _branches.Add((_code.Count, operands[0]));
                return new(PtxOp.Branch);
            case "mov.b32" when operands.Length == 2 && PtxRegisters.FindKnown(operands[1]) is { } known:
                return new(PtxOp.Move, Write(operands[0], 32), known);
            case "mov.b64" when operands.Length == 2 && _addresses.TryGetValue(operands[1], out ulong address):
                return new(PtxOp.Move, Write(operands[0], 64), registers.Constant(address));
        }
        if (PtxRows.Computing.TryGetValue(name, out var row)) return Computing(row, operands);
        if (Conversion().Match(name) is { Success: true } convert) return Convert(convert, operands);
        if (Access().Match(name) is { Success: true } access) return Memory(access, operands);
        throw new PtxFault($"{name} is no instruction that is known");
    }

    private PtxInstruction Computing(PtxRow row, string[] operands)
    {
        Expect(operands, row.Types.Length);
        List<int> slots = [.. operands.Skip(1).Select((operand, i) => Read(operand, PtxRows.Bits(row.Types[i + 1])))];
        if (row.First is { } first) slots.Insert(0, registers.Constant(first));
        if (row.IsSwapped) slots.Reverse();
        int result = Write(operands[0], PtxRows.Bits(row.Types[0]));
        return new(row.Op, result, slots[0], slots.ElementAtOrDefault(1), slots.ElementAtOrDefault(2));
    }

    // Registers may be wider than the types: of the source the low bits count, the result is sign-extended.
    private PtxInstruction Convert(Match name, string[] operands)
    {
        Expect(operands, 2);
        int to = Number(name.Groups["to"].Value), from = Number(name.Groups["from"].Value);
        var (target, source) = (Register(operands[0]), Register(operands[1]));
        if (target.Bits < to || source.Bits < from)
            throw new PtxFault("registers that do not fit the types");
        return new(PtxOp.Convert, target.Slot, source.Slot, 64 - from, 64 - to, Extra: PtxRegisters.Mask(target.Bits));
    }

    private PtxInstruction Memory(Match name, string[] operands)
    {
        Expect(operands, 2);
        bool loads = name.Groups["verb"].Value == "ld";
        int width = Number(name.Groups["bits"].Value) / 8;
        var (register, place) = (operands[loads ? 0 : 1], AddressOf().Match(operands[loads ? 1 : 0]));
        if (!place.Success) throw new PtxFault("an address that is not [register], [name] or one of them + bytes");
        ulong offset = place.Groups["offset"].Success ? ulong.Parse(place.Groups["offset"].Value, CultureInfo.InvariantCulture) : 0;
        // Bytes have no registers of their own.
        int slot = loads ? Write(register, Math.Max(16, width * 8)) : Read(register, Math.Max(16, width * 8));
        if (name.Groups["space"].Value == ".param")
        {
            if (!loads) throw new PtxFault("a parameter is written");
            return new(PtxOp.LoadParameter, slot, Width: width, Extra: Parameter(place.Groups["base"].Value, offset, width));
        }
        var (load, store) = PtxRows.Spaces[name.Groups["space"].Value];
        return new(loads ? load : store, slot, Read(place.Groups["base"].Value, 64), Width: width, Extra: offset);
    }

    private ulong Parameter(string name, ulong offset, int width)
    {
        int at = parameters.ToList().FindIndex(p => p.Name == name);
        if (at < 0) throw new PtxFault($"no parameter {name}");
        if (offset + (ulong)width > (ulong)parameters[at].Bytes || offset % (ulong)width != 0)
            throw new PtxFault($"{width} bytes at {offset} are outside of the parameter or not aligned");
        return (ulong)parameters[at].Offset + offset;
    }

    private static void Expect(string[] operands, int count)
    {
        if (operands.Length != count) throw new PtxFault($"{operands.Length} operands, {count} expected");
    }

    private (int Slot, int Bits) Register(string text) => registers.Find(text) ?? throw new PtxFault($"{text} is no register");

    private int Write(string text, int bits) =>
        Register(text) is var (slot, width) && width == bits ? slot : throw new PtxFault($"{text} has not {bits} bits");

    private int Read(string text, int bits)
    {
        if (registers.Find(text) is not null) return Write(text, bits);
        if (!Int128.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
            throw new PtxFault($"{text} is no operand that is known");
        if (bits == 1 || value < -(Int128.One << (bits - 1)) || value >= Int128.One << bits)
            throw new PtxFault($"{text} does not fit {bits} bits");
        return registers.Constant((ulong)(value & PtxRegisters.Mask(bits)));
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(@(?<not>!)?(?<guard>%p[0-9]+)\s+)?(?<name>[a-z][a-z0-9.]*)(\s+(?<operands>\S.*))?$")]
    private static partial Regex Statement();

    [GeneratedRegex(@"^cvt\.s(?<to>8|16|32|64)\.s(?<from>8|16|32|64)$")]
    private static partial Regex Conversion();

    [GeneratedRegex(@"^(?<verb>ld|st)(?<space>\.param|\.shared|\.local)?\.b(?<bits>8|16|32|64)$")]
    private static partial Regex Access();

    [GeneratedRegex(@"^\[(?<base>[%_A-Za-z][_A-Za-z0-9]*)(\+(?<offset>[0-9]{1,9}))?\]$")]
    private static partial Regex AddressOf();
}
