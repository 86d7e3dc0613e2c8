using CortexMl.Ir;

namespace CortexMl.Passes.Quantize.Schemes;

/// <summary>
/// Which values a line of a scheme is about, where it is about several: <c>{"value": "conv*"}</c>, <c>{"operator": "nn.sigmoid"}</c>, or
/// both, and then a value fits both. <c>*</c> stands for any characters, <c>?</c> for one.
/// </summary>
/// <param name="Field">What a name is of: <c>value</c> or <c>layer</c>.</param>
/// <param name="Name">Null for any.</param>
/// <param name="Operator">The row that makes the value; null for any, and for inputs.</param>
public sealed record NodePattern(string Field, string? Name, string? Operator)
{
    /// <summary>Whether a name may stand for several.</summary>
    public static bool IsWild(string name) => name.AsSpan().IndexOfAny('*', '?') >= 0;

    public bool Fits(Value value, string name) =>
        (Name is null || Matches(Name, name)) && (Operator is null || (value.Producer is { } op && Matches(Operator, op.Spec.Name)));

    /// <summary>As messages and reasons say it: <c>operator nn.conv2d, value stage1_*</c>.</summary>
    public override string ToString() => string.Join(", ",
        new[] { Operator is null ? null : $"operator {Operator}", Name is null ? null : $"{Field} {Name}" }.OfType<string>());

    /// <summary>
    /// Whether a text is what a pattern of * and ? stands for. It goes back to the last star alone: at most the product of both lengths.
    /// </summary>
    internal static bool Matches(string pattern, string text)
    {
        int p = 0, t = 0, star = -1, from = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*') (star, from, p) = (p, t, p + 1);
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t])) (p, t) = (p + 1, t + 1);
            else if (star >= 0) (p, t, from) = (star + 1, from + 1, from + 1);
            else return false;
        }
        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
