namespace CortexMl.Ops.Cvm;

/// <summary>
/// Layout strings such as <c>NCHW</c> or <c>NCHW4c</c>: upper-case axes, each once, and sized lower-case parts of axes that are present.
/// </summary>
internal static class CvmLayout
{
    /// <summary>False for what the runtime cannot parse.</summary>
    public static bool IsWellFormed(string layout)
    {
        var seen = new HashSet<char>();
        int at = 0;
        while (at < layout.Length)
        {
            int digits = at;
            while (at < layout.Length && char.IsAsciiDigit(layout[at])) at++;
            bool sized = at > digits, positive = layout.AsSpan(digits, at - digits).ContainsAnyExcept('0');
            if (at == layout.Length || !seen.Add(layout[at])) return false;
            if (sized ? !char.IsAsciiLetterLower(layout[at]) || !positive : !char.IsAsciiLetterUpper(layout[at])) return false;
            at++;
        }
        return layout.Length > 0 && seen.Where(char.IsAsciiLetterLower).All(part => seen.Contains(char.ToUpperInvariant(part)));
    }
}
