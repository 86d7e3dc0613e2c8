using System.Globalization;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>Sizes in bytes as people write them: <c>500MB</c> is 500 · 10^6, <c>2GiB</c> is 2 · 2^30, a number alone is bytes.</summary>
internal static partial class ByteSizes
{
    private static readonly string[] s_prefixes = ["", "K", "M", "G", "T"];

    /// <param name="option">What messages call the text.</param>
    /// <exception cref="DiagnosticException">CML0940.</exception>
    public static long Parse(string text, string option)
    {
        if (Form().Match(text.Trim()) is { Success: true } match
            && decimal.TryParse(
            match.Groups["number"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
        {
            int power = Array.IndexOf(s_prefixes, match.Groups["prefix"].Value.ToUpperInvariant());
            decimal unit = match.Groups["binary"].Success ? 1L << 10 * power : (decimal)Math.Pow(1000, power);
            if (number <= long.MaxValue / unit && number * unit >= 1) return (long)(number * unit);
        }
        throw new DiagnosticException(CliCodes.Usage, $"{option} '{text}' is no size",
            hint: "write 500MB (10^6 bytes), 2GiB (2^30 bytes) or a number of bytes above 0");
    }

    [GeneratedRegex("^(?<number>[0-9]{1,18}(\\.[0-9]{1,9})?) ?((?<prefix>[KMGT]?)(?<binary>i)?B?)$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
