using Iced.Intel;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>What the general registers of a kernel hold.</summary>
internal static class CodeRegisters
{
    /// <summary>Of pixels in a tile, at most: each has a register.</summary>
    public const int MostPixels = 8;

    public const Register Arguments = Register.RDI;

    /// <summary>Weights of the step at hand.</summary>
    public const Register Weights = Register.RSI;

    /// <summary>The offset of the step at hand.</summary>
    public const Register Steps = Register.RDX;

    /// <summary>While sums are stored: addends and factors.</summary>
    public const Register Tables = Register.RAX;

    public const Register Constants = Register.RCX;

    /// <summary>The first pixel of the tile, before and behind the steps.</summary>
    public const Register Tile = Register.RBX;

    public const Register Table = Register.RBP;

    public const Register Base = Register.RSI;

    public const Register Address = Register.RDX;

    /// <summary>Offsets of the steps that are taken together.</summary>
    public static Register Step(int index) => index switch
    {
        0 => Register.RAX,
        1 => Register.RBP,
        2 => Register.RCX,
        _ => Register.RBX,
    };

    /// <summary>Addresses of the tile's pixels: in the data, then in the result.</summary>
    public static Register Pixel(int index) => Register.R8 + index;
}
