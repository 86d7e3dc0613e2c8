using Iced.Intel;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>What the general registers of a kernel hold.</summary>
internal static class CodeRegisters
{
    /// <summary>Pixels whose addresses nothing else takes the registers of: those that are stored at once.</summary>
    public const int StoredAtOnce = 8;

    /// <summary>Weights of the next column that are fetched ahead, where steps are taken one by one.</summary>
    public const Register Ahead = Register.RBP;

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

    /// <summary>
    /// Addresses of the tile's pixels, or runs of them: in the data, then in the result. Behind the eighth they have registers of steps,
    /// where these are taken one by one.
    /// </summary>
    public static Register Pixel(int index) => index switch
    {
        < StoredAtOnce => Register.R8 + index,
        StoredAtOnce => Register.RBX,
        _ => Register.RCX,
    };

    /// <summary>Runs of pixels in a tile, at most.</summary>
    public static int MostRuns(CodeSet set) => set.HasVnni() ? StoredAtOnce + 2 : StoredAtOnce;
}
