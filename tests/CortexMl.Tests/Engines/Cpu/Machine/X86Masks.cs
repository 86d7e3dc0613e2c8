using System.Buffers.Binary;
using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// Instructions on masks, and those that read as many places of memory as a mask has lanes. Source: Intel, Software Developer's Manual,
/// volume 2.
/// </summary>
internal static class X86Masks
{
    private const int LaneBytes = sizeof(int);

    /// <summary>By mnemonic, with the shapes of operands that are known (<see cref="X86Operand.Shape"/>).</summary>
    public static IReadOnlyDictionary<Mnemonic, (string Shapes, X86Action Action)> Rows { get; } =
        new Dictionary<Mnemonic, (string, X86Action)>
        {
            [Mnemonic.Kmovw] = ("kg gk", Move),
            [Mnemonic.Kxnorw] = ("kkk", (state, o) =>
                state.Masks[o[0].Register] = (ushort)~(state.Masks[o[1].Register] ^ state.Masks[o[2].Register])),
            [Mnemonic.Vpgatherdd] = ("vxk vxv", Gather),
        };

    private static void Move(X86State state, X86Operand[] operands)
    {
        var (to, from) = (operands[0], operands[1]);
        if (to.Shape == 'k') state.Masks[to.Register] = (ushort)from.Read(state);
        else to.Write(state, (ushort)state.Masks[from.Register]);
    }

    /// <summary>Lanes that the mask leaves out keep what they held and read nothing. The mask is empty then, all of it.</summary>
    private static void Gather(X86State state, X86Operand[] operands)
    {
        var (to, from, mask) = (operands[0], operands[1], operands[2]);
        byte[] result = state.Vector(to.Register)[..to.Bytes].ToArray();
        for (int lane = 0; lane * LaneBytes < to.Bytes; lane++)
        {
            bool isRead = mask.Shape == 'k' ? ((state.Masks[mask.Register] >> lane) & 1) != 0
                : BinaryPrimitives.ReadInt32LittleEndian(state.Vector(mask.Register)[(lane * LaneBytes)..]) < 0;
            if (isRead) state.Memory.Read(from.AddressIn(state, lane), result.AsSpan(lane * LaneBytes, LaneBytes));
        }
        if (mask.Shape == 'k') state.Masks[mask.Register] = 0;
        else state.WriteVector(mask.Register, new byte[mask.Bytes]);
        state.WriteVector(to.Register, result);
    }
}
