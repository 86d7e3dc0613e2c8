using System.Globalization;
using System.IO.Enumeration;

namespace CortexMl.Mutants;

/// <summary>The command line.</summary>
/// <param name="Only">Names of rules or of their files, with stars for parts of them; none for all.</param>
/// <param name="Jobs">Test runs side by side.</param>
/// <param name="Timeout">Seconds after which a test run counts as hanging, and the mutant as killed.</param>
/// <param name="Configuration">Of the built tests.</param>
/// <param name="SkipsBaseline">Whether tests of unchanged passes need not pass first.</param>
internal sealed record Options(
    IReadOnlyList<string> Only, int Jobs = 1, int Timeout = 300, string Configuration = "Release", bool Lists = false,
    bool ChecksOnly = false, bool SkipsBaseline = false)
{
    public const string Usage =
        "usage: [--only NAME|FILE[,…], stars allowed] [--jobs N] [--timeout SECONDS] [--configuration Release|Debug] "
        + "[--no-baseline] [--list | --check]";

    /// <summary>Null where the command line makes no sense.</summary>
    public static Options? Parse(string[] args)
    {
        var options = new Options([]);
        for (int i = 0; i < args.Length; i++)
        {
            string value = i + 1 < args.Length ? args[i + 1] : "";
            bool isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0;
            switch (args[i])
            {
                case "--list": options = options with { Lists = true }; continue;
                case "--check": options = options with { ChecksOnly = true }; continue;
                case "--no-baseline": options = options with { SkipsBaseline = true }; continue;
                case "--only" when value.Length > 0: options = options with { Only = [.. options.Only, .. value.Split(',')] }; break;
                case "--jobs" when isNumber: options = options with { Jobs = number }; break;
                case "--timeout" when isNumber: options = options with { Timeout = number }; break;
                case "--configuration" when value is "Release" or "Debug": options = options with { Configuration = value }; break;
                default: return null;
            }
            i++;
        }
        return options;
    }

    public bool Chooses(MutationRule rule) =>
        Only.Count == 0 || Only.Any(pattern => Matches(pattern, rule.Id) || Matches(pattern, rule.File));

    private static bool Matches(string pattern, string name) => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false);
}
