using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Abi;

/// <summary>
/// Values as people write them: JSON, where numbers may be decimal or <c>0x…</c> texts, bytes are <c>0x…</c>, arrays and tuples are
/// lists. A tuple whose components have names is an object; a list is read too.
/// </summary>
public static class AbiJson
{
    /// <summary>What one value takes while it is read and encoded, about.</summary>
    private const int MemberBytes = 160;

    /// <summary>One argument of a command line: a list is JSON, anything else stands for itself.</summary>
    /// <exception cref="DiagnosticException">CML1011, CML1001.</exception>
    public static object ReadArgument(string text, AbiType type)
    {
        if (type is not (AbiArray or AbiTuple)) return Read(JsonSerializer.SerializeToElement(text), type);
        CheckSize(text);
        try
        {
            return Read(JsonDocument.Parse(text).RootElement, type);
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(
                ChainCodes.AbiValue, $"the value for {type.Name} is no JSON: {JsonProblem.Of(error)}", hint: "write a list: [1, \"0xff\"]");
        }
    }

    /// <exception cref="DiagnosticException">CML1011, CML1001.</exception>
    public static object Read(JsonElement json, AbiType type) => (type, json.ValueKind) switch
    {
        (AbiInteger, JsonValueKind.Number) => Integer(json.GetRawText(), type),
        (AbiInteger, JsonValueKind.String) => Integer(Text(json), type),
        (AbiBool, JsonValueKind.True or JsonValueKind.False) => json.GetBoolean(),
        (AbiBool, JsonValueKind.String) when Text(json) is "true" or "false" => Text(json) == "true",
        (AbiAddress or AbiString, JsonValueKind.String) => Text(json),
        (AbiFixedBytes or AbiBytes, JsonValueKind.String) => Hex.Parse(Text(json), type.Name),
        (AbiArray array, JsonValueKind.Array) => json.EnumerateArray().Select(item => Read(item, array.Element)).ToArray(),
        (AbiTuple tuple, JsonValueKind.Array) when json.GetArrayLength() == tuple.Components.Count =>
            json.EnumerateArray().Select((item, i) => Read(item, tuple.Components[i])).ToArray(),
        (AbiTuple { Names: [_, ..] } tuple, JsonValueKind.Object) => Named(json, tuple),
        (AbiTuple tuple, JsonValueKind.Array) => throw Unfit(type, $"a list of {json.GetArrayLength()}"),
        _ => throw Unfit(type, Shown(json.GetRawText())),
    };

    /// <summary>Integers as decimal texts, since they may exceed what JSON's readers take.</summary>
    public static JsonNode Write(object value, AbiType type) => (type, value) switch
    {
        (_, BigInteger number) => JsonValue.Create(number.ToString(CultureInfo.InvariantCulture)),
        (_, bool flag) => JsonValue.Create(flag),
        (_, string text) => JsonValue.Create(text),
        (_, byte[] bytes) => JsonValue.Create(Hex.Of(bytes)),
        (AbiArray array, IReadOnlyList<object> items) => new JsonArray([.. items.Select(item => Write(item, array.Element))]),
        (AbiTuple { Names: [_, ..] names } tuple, IReadOnlyList<object> items) =>
            new JsonObject(items.Select((item, i) => KeyValuePair.Create<string, JsonNode?>(names[i], Write(item, tuple.Components[i])))),
        (AbiTuple tuple, IReadOnlyList<object> items) => new JsonArray([.. items.Select((item, i) => Write(item, tuple.Components[i]))]),
        _ => throw new ArgumentException($"{value.GetType()} is no value of {type.Name}"),
    };

    // the members of an object in the order of the components
    private static object[] Named(JsonElement json, AbiTuple tuple)
    {
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            string name = Text(() => member.Name);
            if (!tuple.Names.Contains(name)) throw Misnamed($"{tuple.Name} has no member '{name}'", Nearest.Hint(name, tuple.Names));
            if (!given.TryAdd(name, member.Value)) throw Misnamed($"'{name}' of {tuple.Name} is given twice", null);
        }
        return [.. tuple.Names.Select((name, i) => given.TryGetValue(name, out var value)
            ? Read(value, tuple.Components[i]) : throw Misnamed($"'{name}' of {tuple.Name} is missing", null))];

        DiagnosticException Misnamed(string message, string? hint) =>
            new(ChainCodes.AbiValue, message, hint: hint ?? $"its members are {string.Join(", ", tuple.Names)}");
    }

    /// <summary>A list of many short members takes far more memory than its text.</summary>
    private static void CheckSize(string text)
    {
        long members = text.AsSpan().Count(',');
        if (members * MemberBytes > (64L << 20) + 16L * text.Length)
            throw new DiagnosticException(DiagnosticCodes.TooLarge, $"a list of more than {Counted.Of(members, "value")}",
                hint: "write longer values, such as whole words");
    }

    private static object Integer(string text, AbiType type)
    {
        string digits = text.StartsWith('-') ? text[1..] : text;
        bool isHex = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        // 256 bits have 78 digits; a leading 0 keeps hexadecimal digits from meaning a sign.
        var number = BigInteger.Zero;
        bool isNumber = digits.Length <= 100 && (isHex
            ? digits.Length > 2
                && BigInteger.TryParse("0" + digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : BigInteger.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number));
        return isNumber ? text.StartsWith('-') ? -number : number : throw Unfit(type, $"'{Shown(text)}'");
    }

    private static string Text(JsonElement json) => Text(() => json.GetString()!);

    private static string Text(Func<string> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            throw new DiagnosticException(ChainCodes.AbiValue, "a text holds half of a surrogate pair");
        }
    }

    private static string Shown(string text) => text.Length <= 40 ? text : text[..40] + "…";

    private static DiagnosticException Unfit(AbiType type, string found) =>
        new(ChainCodes.AbiValue, $"{found} does not fit {type.Name}",
            hint: "numbers are decimal or 0x…, bytes 0x…, arrays and tuples JSON lists");
}
