using System.Text.Json;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Diagnostics;

namespace CortexMl.Evm.Calling;

/// <summary>A call as people write it: <c>transfer(0x5aae…, 100)</c>, <c>say("hello")</c>, with ! in front where it must fail.</summary>
/// <param name="Arguments">Texts, one for each parameter.</param>
public sealed record CallText(string Name, IReadOnlyList<string> Arguments, bool MustFail, string Shown)
{
    private const string Hint = "write --call 'score(3)', --call 'SetInput([1, \"0xff\"])', --call '!score(10)' for one that must fail";

    /// <exception cref="DiagnosticException">CML1056.</exception>
    public static CallText Parse(string text)
    {
        string shown = text.Trim();
        bool mustFail = shown.StartsWith('!');
        string call = mustFail ? shown[1..].TrimStart() : shown;
        int open = call.IndexOf('(', StringComparison.Ordinal);
        string name = open < 0 ? call : call[..open].TrimEnd();
        bool isName = name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');
        if (!isName || (open >= 0 && !call.EndsWith(')'))) throw Refused($"'{Printable.Name(shown)}' is no call");
        return new(name, open < 0 ? [] : Split(call[(open + 1)..^1], shown), mustFail, shown);
    }

    /// <summary>Arguments of a constructor: <c>0x5aae…, 100</c>.</summary>
    /// <exception cref="DiagnosticException">CML1056.</exception>
    public static IReadOnlyList<string> Split(string list, string shown)
    {
        var parts = new List<string>();
        int depth = 0, start = 0;
        bool isQuoted = false;
        for (int i = 0; i < list.Length; i++)
        {
            char c = list[i];
            if (isQuoted && c == '\\') i++;
            else if (c == '"') isQuoted = !isQuoted;
            else if (!isQuoted && c is '[' or '{') depth++;
            else if (!isQuoted && c is ']' or '}') depth--;
            else if (!isQuoted && c == ',' && depth == 0)
            {
                parts.Add(list[start..i].Trim());
                start = i + 1;
            }
        }
        if (isQuoted || depth != 0) throw Refused($"'{Printable.Name(shown)}': a bracket or a quotation mark is open");
        if (parts.Count > 0 || list.Trim().Length > 0) parts.Add(list[start..].Trim());
        return parts;
    }

    /// <summary>The values for the parameters of a function.</summary>
    /// <param name="words">Words that stand for a value: <c>model</c> for its address.</param>
    /// <exception cref="DiagnosticException">CML1056 another number of them; CML1011, CML1001 of another type.</exception>
    public static object[] Values(ContractEntry entry, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> words)
    {
        if (arguments.Count != entry.Inputs.Count)
            throw Refused($"{entry} takes {Counted.Of(entry.Inputs.Count, "value")}, not {arguments.Count}");
        return [.. arguments.Select((argument, i) => AbiJson.ReadArgument(Plain(argument, words), entry.Inputs[i].Type))];
    }

    private static string Plain(string argument, IReadOnlyDictionary<string, string> words)
    {
        if (words.TryGetValue(argument, out string? value)) return value;
        if (argument.Length < 2 || argument[0] != '"') return argument;
        try
        {
            return JsonSerializer.Deserialize<string>(argument)!;
        }
        catch (JsonException error)
        {
            throw Refused($"{Printable.Name(argument)}: {JsonProblem.Of(error)}");
        }
    }

    private static DiagnosticException Refused(string message) => new(EvmCodes.Call, message, hint: Hint);
}
