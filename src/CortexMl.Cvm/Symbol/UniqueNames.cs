using CortexMl.Numerics;

namespace CortexMl.Cvm.Symbol;

/// <summary>
/// Gives every name once; a repeated one gets the next free suffix <c>.1</c>, <c>.2</c>, … without searching from the start.
/// </summary>
internal sealed class UniqueNames
{
    private readonly Dictionary<string, int> _next = new(StringComparer.Ordinal);

    public string Take(string name)
    {
        if (_next.TryAdd(name, 1)) return name;
        while (true)
        {
            string candidate = $"{name}.{Numbers.Format(_next[name]++)}";
            if (_next.TryAdd(candidate, 1)) return candidate;
        }
    }
}
