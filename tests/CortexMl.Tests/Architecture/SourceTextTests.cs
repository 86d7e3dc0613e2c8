using System.Text.RegularExpressions;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>A clone works anywhere: no text of the repository knows a machine or a place on the network.</summary>
public sealed partial class SourceTextTests
{
    /// <summary>The licence names its home.</summary>
    private static readonly HashSet<string> s_hosts = new(StringComparer.Ordinal) { "www.apache.org", "json-schema.org" };

    [Fact]
    public void No_file_names_a_folder_of_somebodys_machine() => Assert.Empty(Matches(MachinePath(), _ => true));

    [Fact]
    public void No_file_names_an_unknown_host() => Assert.Empty(Matches(Url(), match => !s_hosts.Contains(match.Groups["host"].Value)));

    private static IEnumerable<string> Matches(Regex pattern, Func<Match, bool> counts) =>
        from file in Product.TextFiles()
        from match in pattern.Matches(File.ReadAllText(Repository.Path(file.Split('/'))))
        where counts(match)
        select $"{file}: {match.Value}";

    // Not behind a word, so that src/home/x is no match; on Windows a drive and its users.
    [GeneratedRegex(@"(?<![\w.\-~}\]])/(home|root|tmp|work|mnt|Users)/\w+|\b[A-Za-z]:\\Users\\\w+")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\b(https?|ftp|ssh|git)://(?<host>[\w.\-]+)")]
    private static partial Regex Url();
}
