using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Vectors that a kernel reads beside its tables: numbers that fill all lanes, and orders of lanes.</summary>
internal sealed class ConstantTable(int lanes)
{
    private readonly List<int[]> _vectors = [];

    /// <returns>Byte offset of a vector of this number.</returns>
    public int Uniform(int number) => Vector([.. Enumerable.Repeat(number, lanes)]);

    /// <returns>Byte offset of the vector.</returns>
    public int Vector(int[] numbers)
    {
        int at = _vectors.FindIndex(vector => vector.AsSpan().SequenceEqual(numbers));
        if (at < 0)
        {
            at = _vectors.Count;
            _vectors.Add(numbers);
        }
        return at * lanes * sizeof(int);
    }

    public Pinned<int> ToMemory() => new([.. _vectors.SelectMany(vector => vector)]);
}
