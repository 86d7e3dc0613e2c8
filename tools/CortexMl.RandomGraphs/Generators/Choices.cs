namespace CortexMl.RandomGraphs;

/// <summary>A list of numbers read as decisions; when it is used up every decision is the first one.</summary>
public sealed class Choices(int[] numbers)
{
    private int _at;

    public bool More => _at < numbers.Length;

    /// <summary>A number in 0..count-1.</summary>
    public int Next(int count) => More ? numbers[_at++] % count : 0;

    public T Of<T>(params IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>True once in <paramref name="count"/>.</summary>
    public bool OneIn(int count) => Next(count) == count - 1;
}
