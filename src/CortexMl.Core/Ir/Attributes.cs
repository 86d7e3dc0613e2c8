using System.Collections;
using System.Collections.Immutable;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Numerics;

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

public enum AttributeKind { Int, Float, Bool, Text, Ints }

/// <summary>One attribute of an operation. Equal values are equal records, lists included.</summary>
public abstract record AttributeValue(AttributeKind Kind)
{
    public sealed record Int(long Value) : AttributeValue(AttributeKind.Int)
    {
        public override string ToString() => Numbers.Format(Value);
    }

    public sealed record Float(double Value) : AttributeValue(AttributeKind.Float)
    {
        /// <summary>Always with a point or exponent, so that it reads back as a float.</summary>
        public override string ToString()
        {
            string text = Numbers.Format(Value);
            return text.AsSpan().IndexOfAnyExceptInRange('0', '9') is var at
                && (at < 0 || (at == 0 && text[0] == '-' && text.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0))
                ? text + ".0" : text;
        }
    }

    public sealed record Bool(bool Value) : AttributeValue(AttributeKind.Bool)
    {
        public override string ToString() => Value ? "true" : "false";
    }

    public sealed record Text(string Value) : AttributeValue(AttributeKind.Text)
    {
        public override string ToString() => Quoted.Write(Value);
    }

    public sealed record Ints(ImmutableArray<long> Value) : AttributeValue(AttributeKind.Ints)
    {
        public bool Equals(Ints? other) => other is not null && Value.AsSpan().SequenceEqual(other.Value.AsSpan());

        public override int GetHashCode() => Value.Aggregate(17, HashCode.Combine);

        public override string ToString() => new StringBuilder("[").AppendJoin(", ", Value.Select(Numbers.Format)).Append(']').ToString();
    }

    public static implicit operator AttributeValue(long value) => new Int(value);

    public static implicit operator AttributeValue(int value) => new Int(value);

    public static implicit operator AttributeValue(double value) => new Float(value);

    public static implicit operator AttributeValue(bool value) => new Bool(value);

    public static implicit operator AttributeValue(string value) => new Text(value);

    public static implicit operator AttributeValue(long[] value) => new Ints([.. value]);

    public static implicit operator AttributeValue(int[] value) => new Ints([.. value.Select(v => (long)v)]);

    public static implicit operator AttributeValue(Tensors.Shape value) => new Ints([.. value.Select(v => (long)v)]);
}
