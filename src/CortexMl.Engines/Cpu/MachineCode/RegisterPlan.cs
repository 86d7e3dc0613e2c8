using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Which vector registers hold what while a tile's sums are computed. Of data and weights the smaller part stays in registers for a step:
/// weights where a tile has more pixels than vectors of channels, else the pixels' data. Weights for which no register is left are read
/// from memory where they are multiplied.
/// </summary>
internal readonly record struct RegisterPlan(CodeSet Set, ElementKind Data, TileShape Tile, int Merged)
{
    public bool HoldsWeights => Tile.Pixels >= Tile.Vectors;

    /// <summary>Whether products of bytes are added up in 16 bits and widened by a multiplication with ones.</summary>
    public bool Widens => Data == ElementKind.Byte && !Set.HasVnni();

    /// <summary>Products that are added up at once: those of a pixel with all vectors of channels.</summary>
    private int Products => Merged > 1 && HoldsWeights ? Tile.Vectors : 1;

    private int Registers => Set.Vectors().Registers;

    /// <summary>The factor that a step loads, and what is multiplied into where others of its step still need it.</summary>
    private int Factors => Merged > 1 && Products > 1 ? 2 : 1;

    private int Fixed => Tile.Sums + Products + Factors + (Widens ? 1 : 0);

    /// <summary>The first of the registers that hold a step's weights or data.</summary>
    public int Held => Fixed;

    /// <summary>How many they are.</summary>
    public int HeldCount => Math.Min(Merged * Math.Min(Tile.Pixels, Tile.Vectors), Registers - Fixed);

    public int Product(int vector) => Tile.Sums + (Products > 1 ? vector : 0);

    public int Factor => Tile.Sums + Products;

    public int OtherFactor => Factor + Factors - 1;

    /// <summary>Ones of 16 bits.</summary>
    public int Ones => Fixed - 1;

    /// <summary>Data must be in registers; of weights all but one. Every run of pixels has an address.</summary>
    private bool Fits => Tile.Runs <= CodeRegisters.MostRuns(Set) && Registers >= Fixed
        && HeldCount >= (Merged * Math.Min(Tile.Pixels, Tile.Vectors)) - (HoldsWeights ? 1 : 0);

    /// <summary>The most steps that fit, with their sums in registers; 0 where not even one does.</summary>
    public static int MostMerged(CodeSet set, ElementKind data, TileShape tile)
    {
        int most = data == ElementKind.Byte && !set.HasVnni() ? CodeForm.MostMerged : 1;
        while (most > 0 && !new RegisterPlan(set, data, tile, most).Fits) most--;
        return most;
    }
}
