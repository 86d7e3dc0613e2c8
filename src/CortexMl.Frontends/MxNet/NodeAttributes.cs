using System.Globalization;
using CortexMl.Frontends.MxNet.Read;

namespace CortexMl.Frontends.MxNet;

/// <summary>The attributes of one node, with the defaults of its operator filled in.</summary>
internal sealed class NodeAttributes(MxNetOp op, SymbolNode node)
{
    /// <summary>The text, or null where it is <c>None</c>.</summary>
    /// <exception cref="NodeException">A required attribute is missing.</exception>
    public string? Text(string name)
    {
        var attribute = op.Attributes.First(a => a.Name == name);
        string text = node.Attributes.GetValueOrDefault(name) ?? attribute.Default
            ?? throw new NodeException(FrontendCodes.UnsupportedAttribute, $"attribute '{name}' is missing");
        return PythonValue.IsNone(text) ? null : text.Trim();
    }

    /// <summary>One of the allowed words; the error lists them.</summary>
    public string Choice(string name, params string[] allowed) =>
        Text(name) is { } text && allowed.Contains(text) ? text : throw Unsupported(name, string.Join(", ", allowed));

    /// <summary>Requires the default or one of the other allowed spellings.</summary>
    public void Require(string name, params string[] allowed)
    {
        if (Text(name) is { } text && !allowed.Contains(text)) throw Unsupported(name, string.Join(", ", allowed));
    }

    public bool Bool(string name) => Text(name) is not { } text ? false : PythonValue.Bool(text) ?? throw Unsupported(name, "True, False");

    public double Float(string name) => Text(name) is { } text && PythonValue.Float(text) is { } value ? value
        : throw Unsupported(name, "a finite number");

    /// <summary>A number or a tuple of them; empty where it is absent.</summary>
    public double[] Floats(string name) => Text(name) is not { } text ? []
        : PythonValue.Floats(text) ?? throw Unsupported(name, "a tuple of finite numbers");

    public int Int(string name, int min = int.MinValue, int max = int.MaxValue) =>
        Text(name) is { } text && PythonValue.Int(text) is { } value && value >= min && value <= max ? (int)value
            : throw Unsupported(name, Range(min, max));

    /// <summary>A tuple of integers within 32 bits; empty where it is absent.</summary>
    public long[] Ints(string name)
    {
        if (Text(name) is not { } text) return [];
        var values = PythonValue.Ints(text);
        return values is not null && Array.TrueForAll(values, v => v is >= int.MinValue and <= int.MaxValue) ? values
            : throw Unsupported(name, "a tuple of integers");
    }

    /// <summary>An integer, a tuple, or a tuple of tuples in one row.</summary>
    public long[] FlatInts(string name) => Text(name) is { } text && PythonValue.FlatInts(text) is { } values
        && Array.TrueForAll(values, v => v is >= int.MinValue and <= int.MaxValue) ? values : throw Unsupported(name, "tuples of integers");

    /// <summary>A tuple of integers in which single ones may be <c>None</c>.</summary>
    public long?[] OptionalInts(string name)
    {
        if (Text(name) is not { } text) return [];
        var values = PythonValue.OptionalInts(text);
        return values is not null && Array.TrueForAll(values, v => v is null or (>= int.MinValue and <= int.MaxValue)) ? values
            : throw Unsupported(name, "a tuple of integers or None");
    }

    public NodeException Unsupported(string name, string allowed) =>
        new(FrontendCodes.UnsupportedAttribute, $"{name} = {node.Attributes.GetValueOrDefault(name) ?? "None"} is not supported",
            $"allowed: {allowed}");

    private static string Range(int min, int max) => (min, max) switch
    {
        (int.MinValue, int.MaxValue) => "an integer",
        (_, int.MaxValue) => string.Create(CultureInfo.InvariantCulture, $"an integer of at least {min}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"an integer in {min}..{max}"),
    };
}
