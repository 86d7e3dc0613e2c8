using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Diagnostics;

namespace CortexMl.ChainCheck;

/// <summary>
/// One contract with calls, results, logs and reverts as ethers makes them, a line of JSON:
/// <c>{"file": "[…]", "cases": [{"kind": "call", "entry": "f(uint8)", "values": ["7"], "data": "0x…"}]}</c>.
/// </summary>
public static class ContractCase
{
    /// <summary>What we make differently of its cases; none where we agree.</summary>
    public static IReadOnlyList<string> Differences(string line)
    {
        var json = JsonDocument.Parse(line).RootElement;
        var abi = ContractAbi.Read(Encoding.UTF8.GetBytes(json.GetProperty("file").GetString()!), "contract.json", new DiagnosticBag());
        return [.. json.GetProperty("cases").EnumerateArray().Select(one => (Case: one, Difference: Difference(abi, one)))
            .Where(d => d.Difference is not null).Select(d => $"{Text(d.Case, "kind")} of {Text(d.Case, "entry")}: {d.Difference}")];
    }

    private static string? Difference(ContractAbi abi, JsonElement one)
    {
        string entry = Text(one, "entry");
        byte[] data = Hex.Parse(Text(one, "data"), "data");
        var notes = new DiagnosticBag();
        string? difference = Text(one, "kind") switch
        {
            "call" => Call(abi, abi.Called(data), entry, data, one, notes),
            "result" => Values(one, AbiCodec.Decode(abi.Function(entry).Signature.Outputs, data), abi.Function(entry).Outputs),
            "revert" => Revert(abi.Reverted(data), entry, data, one, notes),
            "log" => Log(abi, entry, one, data, notes),
            var kind => throw new ArgumentException($"there is no case of kind '{kind}'"),
        };
        return difference ?? (notes.Items.Count == 0 ? null : notes.Items[0].Message);
    }

    private static string? Call(ContractAbi abi, ContractEntry found, string entry, byte[] data, JsonElement one, DiagnosticBag notes)
    {
        if (found.Signature.Canonical != entry || abi.Function(entry) != found) return $"found {found}";
        object[] values = [.. one.GetProperty("values").EnumerateArray().Select((value, i) => AbiJson.Read(value, found.Inputs[i].Type))];
        byte[] ours = CallData.Encode(found.Signature, values);
        if (!ours.AsSpan().SequenceEqual(data)) return $"encoded as {Hex.Of(ours)}";
        return Values(one, CallData.Decode(found.Signature, data, notes), found.Inputs);
    }

    private static string? Revert(ContractEntry found, string entry, byte[] data, JsonElement one, DiagnosticBag notes) =>
        found.Signature.Canonical != entry ? $"found {found}" : Values(one, CallData.Decode(found.Signature, data, notes), found.Inputs);

    private static string? Log(ContractAbi abi, string entry, JsonElement one, byte[] data, DiagnosticBag notes)
    {
        var log = EventLog.Of([.. one.GetProperty("topics").EnumerateArray().Select(t => t.GetString()!)], data);
        var found = abi.Event(entry).IsAnonymous ? abi.Event(entry) : abi.Logged(log);
        if (found.Signature.Canonical != entry) return $"found {found}";
        var values = log.Decode(found, notes);
        string hashes = string.Join(',', values.Select(v => v.Hash is not null));
        if (hashes != string.Join(',', one.GetProperty("hashes").EnumerateArray().Select(h => h.GetBoolean()))) return $"hashes: {hashes}";
        return Same(one, values.Select(v => v.Hash is null ? AbiJson.Write(v.Value!, v.Parameter.Type) : JsonValue.Create(Hex.Of(v.Hash))));
    }

    private static string? Values(JsonElement one, IReadOnlyList<object> values, IReadOnlyList<ContractParameter> parameters) =>
        Same(one, values.Select((value, i) => AbiJson.Write(value, parameters[i].Type)));

    // Addresses come back with capital letters as their checksum.
    private static string? Same(JsonElement one, IEnumerable<JsonNode> values)
    {
        string decoded = new JsonArray([.. values]).ToJsonString();
        string wanted = JsonNode.Parse(one.GetProperty("values").GetRawText())!.ToJsonString();
        return string.Equals(decoded, wanted, StringComparison.OrdinalIgnoreCase) ? null : $"decoded as {decoded}";
    }

    private static string Text(JsonElement json, string member) => json.GetProperty(member).GetString()!;
}
