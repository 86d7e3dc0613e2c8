using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Chain.Meta;

/// <summary>The JSON form of an account code: a person can write it, and it prints back the same.</summary>
public static class AccountJson
{
    /// <summary>Version of the form; texts without are of the first.</summary>
    private const int Format = 1;

    private const int MaxLength = 4 * AccountCodec.MaxLength;

    private static readonly JsonSerializerOptions s_options =
        new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Numbers as JSON numbers, the block number as text since it may be large.</summary>
    public static string Write(AccountCode code)
    {
        var json = new JsonObject
        {
            ["format"] = Format, ["kind"] = code is ModelAccount ? "model" : "input", ["comment"] = code.Comment,
            ["hash"] = Hex.Of(code.Hash), ["rawSize"] = code.RawSize,
        };
        if (code is ModelAccount model)
        {
            json["inputShape"] = Numbers(model.InputShape);
            json["outputShape"] = Numbers(model.OutputShape);
            json["gas"] = model.Gas;
            json["author"] = Hex.Of(model.Author);
        }
        else if (code is InputAccount input)
        {
            json["shape"] = Numbers(input.Shape);
        }
        json["blockNum"] = code.BlockNumber.ToString(CultureInfo.InvariantCulture);
        return Printable.Json(json.ToJsonString(s_options)) + "\n";
    }

    /// <exception cref="DiagnosticException">CML1004 with everything that is missing or wrong.</exception>
    public static AccountCode Read(string text, string name)
    {
        if (text.Length > MaxLength)
            throw new DiagnosticException(ChainCodes.AccountJson,
                $"{Counted.Of(text.Length, "character is", "characters are")} no account; it has at most {MaxLength}",
                new SourceLocation(name));
        try
        {
            return Read(JsonDocument.Parse(text).RootElement, name);
        }
        // The second: a text with half of a surrogate pair.
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw new DiagnosticException(ChainCodes.AccountJson, $"no JSON: {JsonProblem.Of(error)}", new SourceLocation(name));
        }
    }

    private static AccountCode Read(JsonElement root, string name)
    {
        var fields = new JsonFields(root, name);
        var format = fields.Integer("format", Format);
        if (format != Format)
            fields.Refuse("format", string.Create(CultureInfo.InvariantCulture, $"{format} is not read; {Format} is"));
        bool isModel = fields.Text("kind") == "model";
        if (!isModel && fields.Text("kind") != "input") fields.Refuse("kind", "must be \"model\" or \"input\"");
        string comment = fields.Text("comment", "");
        var (hash, rawSize, block) = (fields.Bytes("hash", ChainRules.HashSize), fields.UInt64("rawSize"), fields.Integer("blockNum", 0));
        AccountCode result = isModel
            ? new ModelAccount(Comment: comment, Hash: hash, RawSize: rawSize, InputShape: fields.Shape("inputShape"),
                OutputShape: fields.Shape("outputShape"), Gas: fields.UInt64("gas"),
                Author: fields.Bytes("author", ChainRules.AddressSize), BlockNumber: block)
            : new InputAccount(comment, hash, rawSize, fields.Shape("shape"), block);
        fields.RefuseUnread();
        fields.Found.ThrowIfErrors();
        return result;
    }

    private static JsonArray Numbers(IReadOnlyList<ulong> numbers) => new([.. numbers.Select(n => (JsonNode)n)]);
}
