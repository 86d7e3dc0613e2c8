using System.Text.Json;

namespace CortexMl.Conformance;

/// <summary>Cases are counted by the prefix of their names, those of one operator (<c>op_</c>) by the operator.</summary>
internal static class Groups
{
    public static string Of(string folder)
    {
        string prefix = Path.GetFileName(folder).Split('_')[0];
        if (prefix != "op") return prefix;
        using var expectation = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expect.json")));
        return $"op {expectation.RootElement.GetProperty("op").GetString()}";
    }
}
