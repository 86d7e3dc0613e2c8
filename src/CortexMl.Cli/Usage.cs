using System.CommandLine;
using System.CommandLine.Completions;
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

    /// <summary>Everything that cannot be meant, each with its hint; empty where the command can run.</summary>
    public static IReadOnlyList<Diagnostic> Problems(ParseResult parsed)
    {
        // Behind a command that there is not, the other words are its own.
        if (IsGroup(parsed) && parsed.UnmatchedTokens is [var unknown, ..]) return [Unrecognized(parsed, "command or argument", unknown)];
        if (parsed.Errors.Count == 0 && parsed.Action is HelpAction) return [];
        var given = parsed.CommandResult.Children.OfType<OptionResult>().Where(o => !o.Implicit).ToList();
        var values = given.ToDictionary(o => o, o => OptionValues.Problems(o).ToList());
        var found = new DiagnosticBag();
        found.AddRange(given.SelectMany(o => values[o]));
        // The parser's own words for the same values name types of this program.
        found.AddRange(parsed.Errors.Where(e => OptionOf(e) is not { } option || values.GetValueOrDefault(option) is not { Count: > 0 })
            .Select(e => Translated(parsed, e)));
        found.AddRange(Taken(parsed).Select(word => Unrecognized(parsed, "option", word)));
        return found.Items;
    }

    private static OptionResult? OptionOf(ParseError error) =>
        error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult;

    private static Diagnostic Translated(ParseResult parsed, ParseError error)
    {
        if (error.SymbolResult is ArgumentResult { Argument: var argument, Tokens: [.., var token] }
            && argument.GetCompletions(CompletionContext.Empty).Select(c => c.Label).ToList() is { Count: > 1 } words)
            return OptionValues.OtherWord(argument.Name, token.Value, words);
        string? word = parsed.UnmatchedTokens.FirstOrDefault(w => error.Message.Contains($"'{w}'", StringComparison.Ordinal));
        return word is null ? new(CliCodes.Usage, Severity.Error, error.Message) : Unrecognized(parsed, "command or argument", word);
    }

    private static Diagnostic Unrecognized(ParseResult parsed, string kind, string word) =>
        new(CliCodes.Usage, Severity.Error, $"Unrecognized {kind} '{word}'.", Hint: Hint(parsed, word));

    private static bool IsGroup(ParseResult parsed) => parsed.CommandResult.Command.Subcommands.Count > 0;

    /// <summary>Words with two dashes that an argument took for a value, since no option has their name.</summary>
    private static IEnumerable<string> Taken(ParseResult parsed) => parsed.Tokens.Any(t => t.Value == NoOptionsBehind) ? []
        : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value)
            .Where(v => v.StartsWith(NoOptionsBehind, StringComparison.Ordinal));

    private static string? Hint(ParseResult parsed, string word)
    {
        var command = parsed.CommandResult.Command;
        bool isOption = word.StartsWith('-');
        var known = isOption
            ? command.Options.SelectMany(o => o.Aliases.Prepend(o.Name)).Append(HelpOption)
            : command.Subcommands.Select(c => c.Name);
        if (Nearest.Hint(isOption ? word.Split('=', ':')[0] : word, known) is { } hint) return hint;
        return isOption || command.Subcommands.Count == 0 ? null : $"commands: {string.Join(", ", known)}";
    }
}
