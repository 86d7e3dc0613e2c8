using System.CommandLine;
using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Values of options that System.CommandLine does not know.</summary>
internal static class Shapes
{
    /// <summary><c>1,3,32,32</c></summary>
    /// <exception cref="DiagnosticException">CML0940.</exception>
    public static Shape Parse(string text, string option)
    {
        var dims = new List<int>();
        foreach (string part in text.Split(','))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int dim) || dim == 0)
                throw new DiagnosticException(
                    CliCodes.Usage, $"{option} {text}: '{part}' is no dimension", hint: "write whole numbers above 0: 1,3,32,32");
            dims.Add(dim);
        }
        return Shape.Of(dims);
    }

    /// <summary>An option that takes only these words.</summary>
    public static Option<string?> From(this Option<string?> option, params string[] words)
    {
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
