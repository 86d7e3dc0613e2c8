namespace CortexMl.Engines.Float.MachineCode;

/// <summary>What is added to a sum when all its products are in it.</summary>
internal enum TileBias
{
    None,

    /// <summary>A number for each row.</summary>
    Rows,

    /// <summary>A number for each column.</summary>
    Columns,
}

/// <summary>What decides about the code of a tile.</summary>
/// <param name="Rows">At least 1.</param>
/// <param name="Vectors">Registers of columns, at least 1.</param>
internal readonly record struct TileForm(int Rows, int Vectors, TileBias Bias)
{
    public int Sums => Rows * Vectors;

    /// <summary>The sums, a step's columns, and the number of a row.</summary>
    public int Registers => Sums + Vectors + 1;

    /// <summary>The register of a row's number.</summary>
    public int Factor => Registers - 1;

    /// <summary>The register of a sum.</summary>
    public int Sum(int row, int vector) => (row * Vectors) + vector;

    /// <summary>The register of a step's columns.</summary>
    public int Column(int vector) => Sums + vector;
}
