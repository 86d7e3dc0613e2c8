using System.Collections;
using System.Collections.Immutable;

namespace CortexMl.Ir;

/// <summary>The attributes that an operation was given, sorted by name (ordinal). Defaults are the operator row's business.</summary>
public sealed class Attributes : IReadOnlyCollection<KeyValuePair<string, AttributeValue>>, IEquatable<Attributes>
{
    private readonly ImmutableSortedDictionary<string, AttributeValue> _items;

    private Attributes(ImmutableSortedDictionary<string, AttributeValue> items) => _items = items;

    public static Attributes Empty { get; } = new(ImmutableSortedDictionary.Create<string, AttributeValue>(StringComparer.Ordinal));

    public static Attributes Of(params ReadOnlySpan<(string Name, AttributeValue Value)> items)
    {
        var result = Empty;
        foreach (var (name, value) in items) result = result.With(name, value);
        return result;
    }

    public int Count => _items.Count;

    public AttributeValue? this[string name] => _items.GetValueOrDefault(name);

    public bool Has(string name) => _items.ContainsKey(name);

    public Attributes With(string name, AttributeValue value) => new(_items.SetItem(name, value));

    public Attributes Without(string name) => new(_items.Remove(name));

    public bool Equals(Attributes? other) => other is not null && _items.SequenceEqual(other._items);

    public override bool Equals(object? obj) => Equals(obj as Attributes);

    public override int GetHashCode() => _items.Count;

    public IEnumerator<KeyValuePair<string, AttributeValue>> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
