using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;

namespace CortexMl.Frontends.Onnx.Read;

/// <summary>
/// What a model says about itself, kept as attributes of the graph: <c>producer</c>, <c>doc</c>, and <c>metadata.KEY</c> for every entry
/// of its metadata.
/// </summary>
internal static class Metadata
{
    private const string Prefix = "metadata.";

    public static Attributes Read(ModelProto model)
    {
        var attributes = Attributes.Empty;
        string producer = $"{model.ProducerName} {model.ProducerVersion}".Trim();
        if (producer.Length > 0) attributes = attributes.With("producer", producer);
        if (model.DocString.Length > 0) attributes = attributes.With("doc", model.DocString);
        foreach (var entry in model.MetadataProps)
            if (entry.Key.Length > 0) attributes = attributes.With(Prefix + Word(entry.Key), entry.Value);
        return attributes;
    }

    /// <summary>Back into a model that is written.</summary>
    public static void Write(Graph graph, ModelProto model)
    {
        if (graph.Attributes["doc"] is AttributeValue.Text doc) model.DocString = doc.Value;
        foreach (var (name, value) in graph.Attributes)
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && value is AttributeValue.Text text)
                model.MetadataProps.Add(new StringStringEntryProto { Key = name[Prefix.Length..], Value = text.Value });
    }

    /// <summary>The key as the text form can spell it.</summary>
    private static string Word(string key) => string.Concat(key.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '_'));
}
