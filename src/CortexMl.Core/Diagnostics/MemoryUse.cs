namespace CortexMl.Diagnostics;

/// <summary>Work that takes memory, and what is said where there is not enough of it.</summary>
public static class MemoryUse
{
    /// <summary>Runs work whose demand is known, so that a failure to get the memory can tell it.</summary>
    /// <param name="what">What takes the memory: <c>constant 'w'</c>.</param>
    /// <exception cref="ShortOfMemoryException">The system gave no more memory.</exception>
    public static T Taking<T>(Int128 bytes, string what, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OutOfMemoryException error) when (error is not ShortOfMemoryException)
        {
            throw new ShortOfMemoryException($"{what} wanted about {Counted.Grouped(bytes, "byte")}", error);
        }
    }
}

/// <summary>The system gave no more memory to something whose demand is known; the message says what, and how many bytes.</summary>
public sealed class ShortOfMemoryException(string message, OutOfMemoryException cause) : OutOfMemoryException(message, cause);
