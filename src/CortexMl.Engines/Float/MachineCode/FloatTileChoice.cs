using CortexMl.Engines.Float.Portable;

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>Weighs the tiles that fit the registers, for a product: cycles of all of its tiles, those that are cut included.</summary>
internal readonly struct FloatTileChoice
{
    /// <summary>Groups of rows from which on it pays to copy the columns of its steps side by side.</summary>
    private const int CopiesFromGroups = 4;

    /// <summary>From a multiply-add to the next one of the same sum.</summary>
    private const double Latency = 4;

    /// <summary>
    /// Of a load; of a vector of columns in the copy, and in its place (across lines, further away); of a vector that is copied.
    /// </summary>
    private const double Load = 0.54, Near = 0.3, Far = 1.2, Copy = 5;

    /// <summary>Of a row that is stored, once for all steps: it lies elsewhere than the row before.</summary>
    private const double Row = 8;

    private readonly int _lanes;
    private readonly ProductSize _size;

    /// <param name="size">At least a row, a step and a column.</param>
    public FloatTileChoice(TileSet set, ProductSize size)
    {
        (_lanes, _size) = (set.Lanes, size);
        double least = double.MaxValue;
        for (int vectors = 1; new TileForm(1, vectors, TileBias.None).Registers <= set.Vectors.Registers; vectors++)
        {
            // As many as fit; groups of rows are as large as each other, but for the last.
            int most = (set.Vectors.Registers - 1 - vectors) / vectors, groups = (size.Rows + most - 1) / most;
            int tile = (size.Rows + groups - 1) / groups;
            double cycles = Product(tile, vectors);
            if (cycles < least) (Rows, Vectors, least) = (tile, vectors, cycles);
        }
    }

    /// <summary>Of a tile.</summary>
    public int Rows { get; }

    /// <summary>Registers of columns of a tile.</summary>
    public int Vectors { get; }

    /// <summary>Whether columns are copied for each tile.</summary>
    public bool Copies => Copied(Rows);

    private bool Copied(int tile) => !_size.IsTiled && (_size.Rows + tile - 1) / tile >= CopiesFromGroups;

    /// <summary>Of a step of all tiles.</summary>
    private double Product(int tile, int vectors)
    {
        int columns = Copied(tile) ? _size.Stored : _size.Columns;
        int width = vectors * _lanes, left = (columns % width + _lanes - 1) / _lanes;
        return columns / width * Column(tile, vectors) + (left > 0 ? Column(tile, left) : 0);
    }

    private double Column(int tile, int vectors)
    {
        bool isCopied = Copied(tile);
        double line = vectors * (isCopied ? Near : Far);
        double cycles = _size.Rows / tile * (Tile(tile, vectors) + line) + _size.Rows * Row / _size.Depth;
        if (_size.Rows % tile > 0) cycles += Tile(_size.Rows % tile, vectors) + line;
        return isCopied ? cycles + Copy * vectors : cycles;
    }

    /// <summary>Two multiply-adds a cycle, two loads a cycle, or the latency.</summary>
    private static double Tile(int rows, int vectors) =>
        Math.Max(Math.Max(rows * vectors / 2.0, Load * (rows + vectors)), Latency);
}
