using System.Collections;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;

namespace CortexMl.Ir;

/// <summary>
/// One use of a value: operand <paramref name="Index"/> of <paramref name="User"/>, or graph output <paramref name="Index"/> where User
/// is null.
/// </summary>
public readonly record struct Use(Operation? User, int Index)
{
    public bool IsGraphOutput => User is null;
}

/// <summary>An SSA value: a graph input or a result of one operation, with the list of its uses.</summary>
public sealed class Value
{
    private readonly UseList _uses = new();

    internal Value(TensorType type, string? name, Operation? producer, int index)
    {
        Type = type;
        Name = name;
        Producer = producer;
        Index = index;
    }

    /// <summary>Element, shape, scale and threshold. Changed through <see cref="Rewriter.SetType"/> only.</summary>
    public TensorType Type { get; internal set; }

    /// <summary>
    /// Name without sigil, or null for a value that prints as a number. Names are unique in a graph among the named values, constants apart
    /// (their sigil differs).
    /// </summary>
    public string? Name { get; internal set; }

    /// <summary>
    /// The value of the loaded network that this one stands for; null for what passes compute on the way, for inputs and for constants.
    /// <see cref="Rewriter.Replace(Value, Value)"/> hands it on.
    /// </summary>
    public Provenance? Provenance { get; internal set; }

    /// <summary>The operation whose result this is; null for a graph input.</summary>
    public Operation? Producer { get; }

    /// <summary>Index among the producer's results, or among the graph's inputs.</summary>
    public int Index { get; internal set; }

    /// <summary>Every use, in the order in which they were added; graph outputs included.</summary>
    public IReadOnlyList<Use> Uses => _uses;

    /// <summary>Whether the graph returns it.</summary>
    public bool IsOutput => _uses.Any(use => use.IsGraphOutput);

    public bool HasOneUse => _uses.Count == 1;

    public bool IsInput => Producer is null;

    public bool IsConstant => Producer?.Constant is not null;

    /// <summary>The constant's elements, or null where this is no constant.</summary>
    public ConstantData? Constant => Producer?.Constant;

    internal bool HasUse(Use use) => _uses.Contains(use);

    internal void AddUse(Use use) => _uses.Add(use);

    internal void RemoveUse(Use use) => _uses.Remove(use);

    public override string ToString() => $"{(IsConstant ? "@" : "%")}{Name ?? "?"}: {Type}";
}

/// <summary>
/// The uses of a value in the order in which they were added. Most values have one or two; a constant or an input that a hundred thousand
/// operations share is still changed in constant time: what is removed leaves a hole, and holes go when they are the greater part or
/// somebody asks for a place.
/// </summary>
internal sealed class UseList : IReadOnlyList<Use>
{
    /// <summary>Up to so many a search is faster than an index.</summary>
    private const int SearchedLength = 32;

    private readonly List<Use?> _items = [];

    /// <summary>Where each use is; null while the list is short.</summary>
    private Dictionary<Use, int>? _places;

    public int Count { get; private set; }

    public Use this[int index]
    {
        get
        {
            if (_items.Count > Count) Close();
            return _items[index]!.Value;
        }
    }

    public void Add(Use use)
    {
        _items.Add(use);
        Count++;
        if (_places is not null) _places[use] = _items.Count - 1;
        else if (_items.Count > SearchedLength) Close();
    }

    public void Remove(Use use)
    {
        int place = _places is null ? _items.IndexOf(use) : _places.GetValueOrDefault(use, -1);
        if (place < 0) return;
        Count--;
        if (_places is null)
        {
            _items.RemoveAt(place);
            return;
        }
        _items[place] = null;
        _places.Remove(use);
        if (_items.Count > 2 * Count + SearchedLength) Close();
    }

    public bool Contains(Use use) => _places?.ContainsKey(use) ?? _items.Contains(use);

    public IEnumerator<Use> GetEnumerator()
    {
        foreach (var item in _items)
            if (item is { } use) yield return use;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Close()
    {
        _items.RemoveAll(item => item is null);
        _places = _items.Count > SearchedLength
            ? _items.Select((item, place) => (item, place)).ToDictionary(p => p.item!.Value, p => p.place)
            : null;
    }
}
