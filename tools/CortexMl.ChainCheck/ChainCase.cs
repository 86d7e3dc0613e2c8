using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Rlp;

namespace CortexMl.ChainCheck;

/// <summary>
/// One case, a line of JSON: <c>{"types": ["uint8"], "values": ["7"], "encoded": "0x…"}</c> of the contract ABI, or <c>{"rlp": ["0x…"],
/// "encoded": "0x…"}</c>.
/// </summary>
public static class ChainCase
{
    /// <summary>What we make differently of a case; null where we agree in both directions.</summary>
    public static string? Difference(string line)
    {
        var json = JsonDocument.Parse(line).RootElement;
        byte[] encoded = Hex.Parse(json.GetProperty("encoded").GetString()!, "encoded");
        return json.TryGetProperty("rlp", out var rlp)
            ? RlpDifference(rlp, encoded)
            : AbiDifference(json.GetProperty("types"), json.GetProperty("values"), encoded);
    }

    public static string Abi(IReadOnlyList<AbiType> types, IReadOnlyList<object> values) => new JsonObject
    {
        ["types"] = new JsonArray([.. types.Select(t => (JsonNode)t.Name)]),
        ["values"] = new JsonArray([.. values.Select((v, i) => AbiJson.Write(v, types[i]))]),
        ["encoded"] = Hex.Of(AbiCodec.Encode(types, values)),
    }.ToJsonString();

    public static string Rlp(RlpItem item) =>
        new JsonObject { ["rlp"] = Json(item), ["encoded"] = Hex.Of(RlpCodec.Write(item)) }.ToJsonString();

    private static string? AbiDifference(JsonElement typeNames, JsonElement given, byte[] encoded)
    {
        var types = FunctionSignature.Parse($"({string.Join(',', typeNames.EnumerateArray().Select(t => t.GetString()))})").Inputs;
        object[] values = [.. given.EnumerateArray().Select((value, i) => AbiJson.Read(value, types[i]))];
        byte[] ours = AbiCodec.Encode(types, values);
        if (!ours.AsSpan().SequenceEqual(encoded)) return $"encoded as {Hex.Of(ours)}";
        var decoded = new JsonArray([.. AbiCodec.Decode(types, encoded).Select((value, i) => AbiJson.Write(value, types[i]))]);
        // Addresses come back with capital letters as their checksum.
        bool isSame =
            string.Equals(decoded.ToJsonString(), JsonNode.Parse(given.GetRawText())!.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        return isSame ? null : $"decoded as {decoded.ToJsonString()}";
    }

    private static string? RlpDifference(JsonElement given, byte[] encoded)
    {
        byte[] ours = RlpCodec.Write(Item(given));
        if (!ours.AsSpan().SequenceEqual(encoded)) return $"encoded as {Hex.Of(ours)}";
        string decoded = Json(RlpCodec.Read(encoded, "RLP")).ToJsonString();
        return decoded == JsonNode.Parse(given.GetRawText())!.ToJsonString() ? null : $"decoded as {decoded}";
    }

    private static RlpItem Item(JsonElement json) => json.ValueKind == JsonValueKind.Array
        ? new RlpList([.. json.EnumerateArray().Select(Item)])
        : new RlpBytes(Hex.Parse(json.GetString()!, "RLP"));

    private static JsonNode Json(RlpItem item) => item switch
    {
        RlpList list => new JsonArray([.. list.Items.Select(Json)]),
        RlpBytes bytes => JsonValue.Create(Hex.Of(bytes.Value.Span)),
        _ => throw new ArgumentException($"{item.GetType()} is no RLP item"),
    };
}
