using System.Text.RegularExpressions;

namespace CortexMl.Text;

/// <summary>How names stand behind <c>%</c> and <c>@</c>: bare where the grammar's NAME allows it, else as a quoted string.</summary>
public static partial class NameSpelling
{
    /// <summary>
    /// <c>conv0.weight</c>, <c>stage1/add:0</c>, <c>"weird name"</c>; a name of digits is quoted, because bare digits number unnamed
    /// values.
    /// </summary>
    public static string Of(string name) => Bare().IsMatch(name) ? name : Quoted.Write(name);

    [GeneratedRegex(@"\A[A-Za-z_](?:[A-Za-z0-9_.$-]|/[A-Za-z0-9_.$-]|:[0-9])*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();
}
