using System.Collections;

namespace CortexMl.Ir;

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
