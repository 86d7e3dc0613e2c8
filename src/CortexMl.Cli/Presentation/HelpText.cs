using System.Collections;
using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using CortexMl.Cli.Commands.Arguments;

namespace CortexMl.Cli.Presentation;

/// <summary>The help of a command: options in groups, those first that matter first, at one width everywhere.</summary>
internal static class HelpText
{
    /// <summary>Characters of a line; of its left column at most.</summary>
    private const int Width = 120, MostLeft = 40;

    /// <summary>Up to so many options stand in one list.</summary>
    private const int FewOptions = 10;

    public static string Of(Command command)
    {
        var text = new StringBuilder();
        text.Append("Description:\n").Append(Wrapped(command.Description ?? "", "  ", "  ")).Append('\n');
        text.Append("Usage:\n  ").Append(Usage(command)).Append("\n\n");
        Rows(text, "Arguments", command.Arguments.Where(a => !a.Hidden).Select(a => ($"<{a.Name}>", a.Description ?? "")));
        Rows(text, "Commands", command.Subcommands.Where(c => !c.Hidden).Select(c => (CommandLabel(c), c.Description ?? "")));
        foreach (var (title, options) in Groups(command)) Rows(text, title, options.Select(o => (Label(o), Description(o))));
        if (command is TaughtCommand taught) text.Append(taught.Lesson);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    /// <summary>The options that a command takes, in the sections in which they are shown; none twice.</summary>
    public static IReadOnlyList<(string Title, IReadOnlyList<Option> Options)> Groups(Command command)
    {
        Option[] own = [.. command.Options.Where(o => !o.Hidden && o is not HelpOption)];
        Option[] shared = [.. Recursive(command).Except(own), .. Help(command)];
        if (own.Length + shared.Length <= FewOptions) return [("Options", [.. own, .. shared])];
        Option[] first = [.. own.Where(OptionTable.IsFirst).OrderBy(OptionTable.RankOf)];
        List<(string, IReadOnlyList<Option>)> groups = first.Length == 0 ? [] : [("Options that matter first", first)];
        foreach (var group in Enum.GetValues<OptionGroup>())
        {
            Option[] of = [.. own.Except(first).Concat(shared).Where(o => OptionTable.Of(o).Group == group).OrderBy(OptionTable.RankOf)];
            if (of.Length > 0) groups.Add((Title(group), of));
        }
        return groups;
    }

    /// <summary><c>-o, --output &lt;DIR&gt;</c></summary>
    public static string Label(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(a => a != "/?" && a != "/h").Append(option.Name).OrderBy(n => n.Length)
            .ThenBy(n => n, StringComparer.Ordinal).Distinct());
        string value = option.Arity.MaximumNumberOfValues == 0 || IsFlag(option) ? "" : $" <{option.HelpName ?? "VALUE"}>";
        return names + value + (option.Required ? " (REQUIRED)" : "");
    }

    public static string Description(Option option) =>
        (option.Description ?? "") + (Default(option) is { } value ? $" [default: {value}]" : "");

    /// <summary><c>cortexml chain pack &lt;DIR&gt; [options]</c></summary>
    public static string Usage(Command command)
    {
        string arguments = string.Concat(command.Arguments.Where(a => !a.Hidden).Select(a => " " + ArgumentLabel(a)));
        return Path(command) + (command.Subcommands.Any(c => !c.Hidden) ? " [command]" : "") + arguments + " [options]";
    }

    /// <summary><c>cortexml chain pack</c></summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{Path(parent)} {command.Name}" : "cortexml";

    /// <summary>Options of the commands above that hold for this one too.</summary>
    private static IEnumerable<Option> Recursive(Command command) => Above(command).SelectMany(c => c.Options)
        .Where(o => o.Recursive && !o.Hidden && o is not HelpOption);

    private static IEnumerable<Option> Help(Command command) =>
        Above(command).Prepend(command).SelectMany(c => c.Options).OfType<HelpOption>();

    private static IEnumerable<Command> Above(Command command) =>
        command.Parents.OfType<Command>().SelectMany(parent => Above(parent).Append(parent));

    private static string Title(OptionGroup group) => group switch { OptionGroup.Own => "Options", _ => group.ToString() };

    private static string CommandLabel(Command command) =>
        command.Name + string.Concat(command.Arguments.Where(a => !a.Hidden).Select(a => " " + ArgumentLabel(a)));

    private static string ArgumentLabel(Argument argument)
    {
        string name = $"<{argument.Name}>{(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "")}";
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static bool IsFlag(Option option) => option.ValueType == typeof(bool) || option.ValueType == typeof(bool?);

    private static string? Default(Option option) => !option.HasDefaultValue || IsFlag(option) ? null : option.GetDefaultValue() switch
    {
        null or "" => null,
        string text => text,
        Enum word => word.ToString().ToLowerInvariant(),
        IEnumerable => null,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => null,
    };

    private static void Rows(StringBuilder text, string title, IEnumerable<(string Label, string Text)> rows)
    {
        var all = rows.ToList();
        if (all.Count == 0) return;
        int left = Math.Min(MostLeft, all.Max(r => r.Label.Length) + 4);
        text.Append(title).Append(":\n");
        foreach (var (label, what) in all)
        {
            bool fits = label.Length + 4 <= left;
            string indent = new(' ', left), start = fits ? $"  {label}".PadRight(left) : $"  {label}\n{indent}";
            text.Append(Wrapped(what, start, indent));
        }
        text.Append('\n');
    }

    /// <summary>Words in lines of the width; a longer word has a line of its own.</summary>
    private static string Wrapped(string words, string start, string indent)
    {
        var (text, line) = (new StringBuilder(), new StringBuilder(start));
        int begin = start[(start.LastIndexOf('\n') + 1)..].Length, length = begin;
        foreach (string word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (length > begin && length + 1 + word.Length > Width)
            {
                text.Append(line.ToString().TrimEnd()).Append('\n');
                line.Clear().Append(indent);
                length = begin = indent.Length;
            }
            if (length > begin)
            {
                line.Append(' ');
                length++;
            }
            line.Append(word);
            length += word.Length;
        }
        return text.Append(line.ToString().TrimEnd()).Append('\n').ToString();
    }
}
