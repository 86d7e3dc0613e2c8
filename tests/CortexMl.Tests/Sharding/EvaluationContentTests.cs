using System.Text.Json.Nodes;
using CortexMl.Diagnostics;
using CortexMl.Sharding;
using Xunit;

namespace CortexMl.Tests.Sharding;

/// <summary>What a part of an evaluation may say: a file that was changed, with a digest that fits, is refused all the same.</summary>
public sealed class EvaluationContentTests : IDisposable
{
    private const string Network = """
        graph @net(%data: f32[1, 6]) {
          @w: f32[5, 6] = random(7)
          %y = nn.dense(%data, @w)
          return %y
        }
        """;

    private readonly ShardedNetwork _network = new(Network, 8, new Random(3), "0\n1\n2\n3\n4\n0\n1\n2\n", "cosine");
    private readonly Part _part;

    public EvaluationContentTests() => _part = PartReader.Parse(_network.Part(1, 1), "whole.part");

    public void Dispose() => _network.Dispose();

    [Theory]
    [InlineData("unlabelled", "-1", "CML1210", "'unlabelled' is -1; it is from 0 to 8")]
    [InlineData("count", "9", "CML1210", "it counts other samples than the 8 of its shard")]
    [InlineData("agreeing", "1", "CML1210", "'agreeing' is 1; it is from 0 to 0")]
    [InlineData("pairs", "[[0, 0, 1, 1]]", "CML1210", "not those of 0 samples with a label")]
    [InlineData("top5", "[0]", "CML1210", "no top-5 of each model")]
    [InlineData("cutOff", "[]", "CML1210", "of each model what was cut off")]
    [InlineData("observed", "[]", "CML1210", "what its data look like")]
    [InlineData("observed", "[[], [{}]]", "CML1210", "the sums of the part cannot be")]
    [InlineData("models", "[]", "CML1211", "it is of 0 models, merged are 2")]
    [InlineData("metric", "{\"name\": \"db\", \"isOfLabels\": false, \"sums\": []}", "CML1212", "'db', its call asks for 'cosine'")]
    [InlineData("metric", "{\"name\": \"cosine\", \"isOfLabels\": true, \"sums\": []}", "CML1212", "measures 'cosine'")]
    [InlineData("metric", null, "CML1212", "measures 'none', its call asks for 'cosine'")]
    public void What_cannot_be_is_refused(string member, string? value, string code, string told)
    {
        var error = Refused(content =>
        {
            if (value is null) content.Remove(member);
            else content[member] = JsonNode.Parse(value);
        });
        Assert.Equal(code, error.Code);
        Assert.Contains(told, error.Message);
    }

    [Theory]
    [InlineData("counts", "[7]", "its cosine is not that of 8 samples")]
    [InlineData("counts", "[8, 8]", "its metric is of another model")]
    [InlineData("exact", "[\"0x1\"]", "an exact sum is no hexadecimal number")]
    [InlineData("least", "\"1.5\"", "a number is no 16 hexadecimal digits")]
    [InlineData("largest", "\"bff0000000000000\"", "the largest magnitude is below 0")]
    [InlineData("embeddings", "[{\"index\": 0, \"label\": 0, \"numbers\": \"AAAAAA==\"}]", "an embedding is none of its samples")]
    public void Sums_of_a_metric_that_cannot_be_are_refused(string member, string value, string told)
    {
        var error = Refused(content => content["metric"]!["sums"]![1]![member] = JsonNode.Parse(value));
        Assert.Equal("CML1210", error.Code);
        Assert.Contains(told, error.Message);
    }

    [Theory]
    [InlineData("classes", "6", "model 2 is integer with 6 numbers in its first output; 'net' is integer with 5")]
    [InlineData("level", "\"float\"", "model 2 is float with 5 numbers in its first output; 'net' is integer with 5")]
    public void Other_models_are_refused(string member, string value, string told)
    {
        var error = Refused(content => content["models"]![1]![member] = JsonNode.Parse(value));
        Assert.Equal("CML1211", error.Code);
        Assert.Contains(told, error.Message);
    }

    [Fact]
    public void Engines_that_differ_are_named()
    {
        string first = _network.Write("1.part", _network.Part(1, 2));
        var part = PartReader.Parse(_network.Part(2, 2), "2.part");
        var content = Content(part);
        content["models"]![1]!["engine"] = "cpu";
        string second = _network.Write("2.part", Sealed(part.Head, content));
        var (json, notes) = _network.Merged([second, first]);
        Assert.Contains("\"engine\": \"cpu and interpreter\"", json);
        Assert.Contains(notes, note => note.Contains("CML1213: parts of 'net' ran on cpu and interpreter", StringComparison.Ordinal));
    }

    [Fact]
    public void No_change_at_random_is_more_than_refused()
    {
        var random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            var content = Content(_part);
            for (int changes = random.Next(1, 4); changes > 0; changes--) Change(content, random);
            string path = _network.Write("changed.part", Sealed(_part.Head, content));
            try
            {
                _network.Merged([path]);
            }
            catch (DiagnosticException error)
            {
                Assert.StartsWith("CML12", error.Diagnostics[0].Code);
                refused++;
            }
        }
        Assert.InRange(refused, 200, 399);
    }

    private Diagnostic Refused(Action<JsonObject> change)
    {
        var content = Content(_part);
        change(content);
        string path = _network.Write("changed.part", Sealed(_part.Head, content));
        return Assert.Single(Assert.Throws<DiagnosticException>(() => _network.Merged([path])).Diagnostics);
    }

    private static JsonObject Content(Part part) => JsonNode.Parse(part.Content.GetRawText())!.AsObject();

    private static byte[] Sealed(PartHead head, JsonObject content) => Part.Write(head, json =>
    {
        foreach (var (name, value) in content)
        {
            json.WritePropertyName(name);
            (value ?? "null").WriteTo(json);
        }
    });

    /// <summary>One node takes the place of another, or becomes something else.</summary>
    private static void Change(JsonObject content, Random random)
    {
        List<JsonNode> nodes = [.. Nodes(content).Where(n => n.Parent is not null)];
        if (nodes.Count == 0) return;
        var node = nodes[random.Next(nodes.Count)];
        JsonNode? other = random.Next(8) switch
        {
            0 => null,
            1 => -1,
            2 => long.MaxValue,
            3 => "",
            4 => new JsonArray(),
            5 => new JsonObject(),
            6 => 1.5,
            _ => nodes[random.Next(nodes.Count)].DeepClone(),
        };
        if (node.Parent is JsonObject parent) parent[node.GetPropertyName()] = other;
        else node.Parent!.AsArray()[node.GetElementIndex()] = other;
    }

    private static IEnumerable<JsonNode> Nodes(JsonNode? node) => node switch
    {
        null => [],
        JsonObject members => members.SelectMany(m => Nodes(m.Value)).Prepend(node),
        JsonArray items => items.SelectMany(Nodes).Prepend(node),
        _ => [node],
    };
}
