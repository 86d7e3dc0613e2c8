using System.Text.Json;

namespace CortexMl.Conformance;

/// <summary>Cases are counted by the prefix of their names, those of one operator (<c>op_</c>) by the operator.</summary>
public static class Groups
{
    /// <summary>Whether the reference is memory-unsafe here, so that its answer is none to agree with.</summary>
    public static bool IsHostile(string folder)
    {
        using var expectation = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expect.json")));
        return !expectation.RootElement.TryGetProperty("status", out _);
    }

    public static string Of(string folder)
    {
        string prefix = Path.GetFileName(folder).Split('_')[0];
        if (prefix != "op") return prefix;
        using var expectation = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "expect.json")));
        return $"op {expectation.RootElement.GetProperty("op").GetString()}";
    }
}
