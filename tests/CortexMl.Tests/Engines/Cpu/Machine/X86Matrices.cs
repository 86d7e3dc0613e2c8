using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// Instructions on matrices, all of whose rows have 64 bytes here. Source: Intel, Software Developer's Manual, volume 1, chapter 18, and
/// volume 2.
/// </summary>
internal static class X86Matrices
{
    public const int Registers = 8, RowBytes = 64, MostRows = 16;

    /// <summary>By mnemonic, with the shapes of operands that are known (<see cref="X86Operand.Shape"/>).</summary>
    public static IReadOnlyDictionary<Mnemonic, (string Shapes, X86Action Action)> Rows { get; } =
        new Dictionary<Mnemonic, (string, X86Action)>
        {
            [Mnemonic.Ldtilecfg] = ("m", Configure),
            [Mnemonic.Tilerelease] = ("", (state, _) => state.MatrixRows = null),
            [Mnemonic.Tilezero] = ("t", (state, o) => Matrix(state, o[0]).Clear()),
            [Mnemonic.Tileloadd] = ("tm", (state, o) => EachRow(state, o[0], o[1], (address, row) => state.Memory.Read(address, row))),
            [Mnemonic.Tilestored] = ("mt", (state, o) => EachRow(state, o[1], o[0], (address, row) => state.Memory.Write(address, row))),
            [Mnemonic.Tdpbusd] = ("ttt", Multiply),
        };

    private delegate void RowAction(nuint address, Span<byte> row);

    private static void Configure(X86State state, X86Operand[] operands)
    {
        byte[] bytes = new byte[RowBytes];
        state.Memory.Read(operands[0].AddressIn(state), bytes);
        if (bytes[0] != 1 || bytes[1] != 0) throw new X86Fault($"palette {bytes[0]}, beginning at row {bytes[1]}");
        int[] rows = [.. bytes[48..56].Select(row => (int)row)];
        for (int i = 0; i < Registers; i++)
        {
            int width = BitConverter.ToUInt16(bytes, 16 + (2 * i));
            if (rows[i] is 0 or > MostRows || width != RowBytes) throw new X86Fault($"matrix {i} has {rows[i]} rows of {width} bytes");
        }
        byte[] reserved = [.. bytes[2..16], .. bytes[32..48], .. bytes[56..]];
        if (reserved.AsSpan().ContainsAnyExcept((byte)0)) throw new X86Fault("reserved bytes are not zero");
        state.MatrixRows = rows;
        for (int i = 0; i < Registers; i++) state.Matrix(i).Clear();
    }

    /// <summary>The rows that a register has; where they begin in memory is base + row × index × scale + displacement.</summary>
    private static void EachRow(X86State state, X86Operand register, X86Operand memory, RowAction action)
    {
        var matrix = Matrix(state, register);
        if (memory.Index < 0) throw new X86Fault("rows have no distance in memory");
        ulong distance = state.General[memory.Index] * memory.Scale;
        var first = memory with { Index = -1 };
        for (int row = 0; row < matrix.Length / RowBytes; row++)
            action((nuint)((ulong)first.AddressIn(state) + ((ulong)row * distance)), matrix.Slice(row * RowBytes, RowBytes));
    }

    /// <summary>Unsigned bytes of the second operand times signed ones of the third, added to 32 bits of the first.</summary>
    private static void Multiply(X86State state, X86Operand[] operands)
    {
        Span<byte> sums = Matrix(state, operands[0]), left = Matrix(state, operands[1]), right = Matrix(state, operands[2]);
        if (sums.Length != left.Length || right.Length != MostRows * RowBytes)
            throw new X86Fault($"matrices of {sums.Length}, {left.Length} and {right.Length} bytes do not fit each other");
        for (int row = 0; row < sums.Length / RowBytes; row++)
        {
            var to = X86Lanes.Of<int>(sums.Slice(row * RowBytes, RowBytes));
            for (int i = 0; i < RowBytes; i++)
            {
                int factor = left[(row * RowBytes) + i];
                for (int column = 0; column < to.Length; column++)
                    to[column] += factor * (sbyte)right[(i / 4 * RowBytes) + (column * 4) + (i % 4)];
            }
        }
    }

    private static Span<byte> Matrix(X86State state, X86Operand operand) => state.MatrixRows is { } rows
        ? state.Matrix(operand.Register)[..(rows[operand.Register] * RowBytes)]
        : throw new X86Fault("matrices have no shape yet");
}
