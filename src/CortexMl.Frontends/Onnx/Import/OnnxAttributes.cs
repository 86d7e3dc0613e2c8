using System.Globalization;
using CortexMl.Frontends.Onnx.Schema;
using static CortexMl.Frontends.Onnx.Schema.AttributeProto.Types;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>The attributes of a node; absent ones have the default that the caller names.</summary>
internal sealed class OnnxAttributes(NodeProto node)
{
    public bool Has(string name) => Find(name) is not null;

    public long Int(string name, long absent) => Find(name, AttributeType.Int)?.I ?? absent;

    public bool Bool(string name, bool absent) => Int(name, absent ? 1 : 0) != 0;

    public double Float(string name, double absent) => Find(name, AttributeType.Float)?.F ?? absent;

    public string Text(string name, string absent) => Find(name, AttributeType.String)?.S.ToStringUtf8() ?? absent;

    /// <summary>The list, or null where it is absent. A scalar counts as a list of one.</summary>
    public long[]? Ints(string name) => Find(name) switch
    {
        null => null,
        { Type: AttributeType.Int } one => [one.I],
        { Ints: var list } =>
            list.All(v => v is > int.MinValue and < int.MaxValue || v is long.MaxValue or long.MinValue or int.MaxValue or int.MinValue)
                ? [.. list]
            : throw Unsupported(name, "integers of 32 bits"),
    };

    public string[]? Texts(string name) => Find(name) is { } a ? [.. a.Strings.Select(s => s.ToStringUtf8())] : null;

    public float[]? Floats(string name) => Find(name) is { } a ? [.. a.Floats] : null;

    public GraphProto? Graph(string name) => Find(name, AttributeType.Graph)?.G;

    public TensorProto? Tensor(string name) => Find(name, AttributeType.Tensor)?.T;

    /// <summary>One of the allowed words.</summary>
    public string Choice(string name, string absent, params string[] others)
    {
        string text = Text(name, absent);
        return text == absent || others.Contains(text) ? text : throw Unsupported(name, string.Join(", ", [absent, .. others]));
    }

    /// <summary>Refuses anything but the one value that has a meaning here.</summary>
    public void Require(string name, long only)
    {
        if (Int(name, only) != only) throw Unsupported(name, only.ToString(CultureInfo.InvariantCulture));
    }

    public NodeException Unsupported(string name, string allowed) =>
        new(FrontendCodes.UnsupportedAttribute, $"{name} = {Spell(Find(name))} is not supported", $"allowed: {allowed}");

    private AttributeProto? Find(string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    private AttributeProto? Find(string name, AttributeType type)
    {
        var found = Find(name);
        return found is null || found.Type == type || found.Type == AttributeType.Undefined ? found
            : throw new NodeException(FrontendCodes.UnsupportedAttribute, $"attribute '{name}' is {found.Type}, expected {type}");
    }

    private static string Spell(AttributeProto? attribute) => attribute?.Type switch
    {
        null => "(absent)",
        AttributeType.Int => attribute.I.ToString(CultureInfo.InvariantCulture),
        AttributeType.Float => attribute.F.ToString(CultureInfo.InvariantCulture),
        AttributeType.String => $"'{Short(attribute.S.ToStringUtf8())}'",
        AttributeType.Ints =>
            $"[{Short(string.Join(", ", attribute.Ints.Take(16).Select(i => i.ToString(CultureInfo.InvariantCulture))))}]",
        var type => type.ToString()!,
    };

    private static string Short(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
