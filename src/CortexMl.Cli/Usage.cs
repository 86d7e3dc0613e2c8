using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using CortexMl.Diagnostics;

namespace CortexMl.Cli;

/// <summary>What the words of a command line ask for before any command runs: help, or a remark about words that nothing knows.</summary>
internal static class Usage
{
    private const string Help = "help", HelpOption = "--help", NoOptionsBehind = "--";

    /// <summary>
    /// <c>cortexml</c>, <c>cortexml chain</c>, <c>cortexml help chain pack</c> and <c>cortexml chain help pack</c> ask for help:
    /// <c>help</c> may stand wherever a command may.
    /// </summary>
    public static ParseResult Parse(RootCommand root, IReadOnlyList<string> args)
    {
        var words = WithoutHelp(root, args);
        if (words.Count < args.Count) return root.Parse([.. words, HelpOption]);
        var parsed = root.Parse(args);
        return IsGroup(parsed) && parsed.UnmatchedTokens.Count == 0 && parsed.Errors.Count > 0 ? root.Parse([.. args, HelpOption]) : parsed;
    }

    /// <summary>The words without any <c>help</c> in place of a command; below a command that has none it is a word like others.</summary>
    private static List<string> WithoutHelp(Command root, IReadOnlyList<string> args)
    {
        var words = new List<string>();
        Command? group = root;
        foreach (string word in args)
        {
            if (group is { Subcommands.Count: > 0 } && word == Help) continue;
            words.Add(word);
            group = group?.Subcommands.FirstOrDefault(c => c.Name == word);
        }
        return words;
    }

    /// <summary>Lines for everything that cannot be meant, each with its hint; empty where the command can run.</summary>
    public static IReadOnlyList<string> Problems(ParseResult parsed)
    {
        // Behind a command that there is not, the other words are its own.
        if (IsGroup(parsed) && parsed.UnmatchedTokens is [var unknown, ..]) return Unknown(parsed, unknown);
        string[] taken = [.. Taken(parsed)];
        if (parsed.Errors.Count == 0 && (parsed.Action is HelpAction || taken.Length == 0)) return [];
        var lines = parsed.Errors.Select(e => $"error: {e.Message}").ToList();
        lines.AddRange(taken.Select(word => $"error: Unrecognized option '{word}'."));
        lines.AddRange(parsed.UnmatchedTokens.Concat(taken).Select(word => Hint(parsed, word)).OfType<string>().Distinct(StringComparer.Ordinal));
        return lines;
    }

    private static bool IsGroup(ParseResult parsed) => parsed.CommandResult.Command.Subcommands.Count > 0;

    private static IReadOnlyList<string> Unknown(ParseResult parsed, string word) =>
        [$"error: Unrecognized command or argument '{word}'.", .. Hint(parsed, word) is { } hint ? [hint] : Array.Empty<string>()];

    /// <summary>Words with two dashes that an argument took for a value, since no option has their name.</summary>
    private static IEnumerable<string> Taken(ParseResult parsed) => parsed.Tokens.Any(t => t.Value == NoOptionsBehind) ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .Where(v => v.StartsWith(NoOptionsBehind, StringComparison.Ordinal));

    private static string? Hint(ParseResult parsed, string word)
    {
        var command = parsed.CommandResult.Command;
        bool isOption = word.StartsWith('-');
        var known = isOption ? command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).Append(HelpOption) : command.Subcommands.Select(c => c.Name);
        if (Nearest.Hint(isOption ? word.Split('=', ':')[0] : word, known) is { } hint) return $"  help: {hint}";
        return isOption || command.Subcommands.Count == 0 ? null : $"  help: commands: {string.Join(", ", known)}";
    }
}
