using System.CommandLine;
using System.Text;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;

namespace CortexMl.Cli.Commands.Shells;

/// <summary>One command as a shell completes it.</summary>
/// <param name="Path">Its words without the program's name; empty for the program.</param>
/// <param name="Commands">Names of its commands, with what they do.</param>
internal sealed record CompletedCommand(
    string Path, IReadOnlyList<(string Name, string Text)> Commands, IReadOnlyList<CompletedOption> Options);

/// <summary>One option as a shell completes it.</summary>
/// <param name="Values">The words that it takes; empty where it takes others.</param>
/// <param name="TakesValue">Whether a word follows it.</param>
internal sealed record CompletedOption(IReadOnlyList<string> Names, string Text, IReadOnlyList<string> Values, bool TakesValue);

/// <summary>
/// Scripts that let a shell complete commands, options and their words: made from the tree of commands, they start nothing.
/// </summary>
internal static class Completion
{
    public const string Bash = "bash", Zsh = "zsh", Fish = "fish", Pwsh = "pwsh";

    public static string Script(Command root, string shell)
    {
        List<CompletedCommand> commands = [.. Commands(root, "")];
        return shell switch
        {
            Bash => OfBash(commands),
            Zsh => "#compdef cortexml\nautoload -U +X bashcompinit && bashcompinit\n" + OfBash(commands),
            Fish => OfFish(commands),
            _ => OfPwsh(commands),
        };
    }

    private static IEnumerable<CompletedCommand> Commands(Command command, string path)
    {
        var options = HelpText.Groups(command).SelectMany(g => g.Options).Select(o => new CompletedOption(
            [.. o.Aliases.Append(o.Name).Where(n => n.StartsWith('-')).Order(StringComparer.Ordinal)], Line(o.Description),
            OptionValues.Words(o), !(o.ValueType == typeof(bool) || o.ValueType == typeof(bool?) || o.Arity.MaximumNumberOfValues == 0)));
        Command[] below = [.. command.Subcommands.Where(c => !c.Hidden)];
        yield return new(path, [.. below.Select(c => (c.Name, Line(c.Description)))], [.. options]);
        foreach (var one in below.SelectMany(c => Commands(c, path.Length == 0 ? c.Name : $"{path} {c.Name}"))) yield return one;
    }

    /// <summary>The first sentence, short enough for a list.</summary>
    private static string Line(string? text) => (text ?? "").Split(". ")[0].Split(": ")[0];

    //  case "$path" in "chain pack") words="…";; esac, where $path are the words of the line that are commands
    private static string OfBash(IReadOnlyList<CompletedCommand> commands)
    {
        var text = new StringBuilder("# Completion of cortexml for bash: source this file.\n_cortexml() {\n");
        text.Append("  local word=${COMP_WORDS[COMP_CWORD]} last=${COMP_WORDS[COMP_CWORD-1]} path='' i words=''\n");
        text.Append("  for ((i = 1; i < COMP_CWORD; i++)); do\n    case \"$path ${COMP_WORDS[i]}\" in\n");
        foreach (var command in commands.Where(c => c.Path.Length > 0)) text.Append($"      ' {command.Path}') path=' {command.Path}';;\n");
        text.Append("    esac\n  done\n  case \"$path $last\" in\n");
        foreach (var command in commands)
            foreach (var option in command.Options.Where(o => o.TakesValue))
                text.Append($"    {string.Join('|', option.Names.Select(n => $"'{Prefix(command)}{n}'"))}) "
                    + (option.Values.Count > 0 ? $"COMPREPLY=($(compgen -W '{string.Join(' ', option.Values)}' -- \"$word\"))"
                        : "COMPREPLY=()")
                    + "; return;;\n");
        text.Append("  esac\n  case \"$path\" in\n");
        foreach (var command in commands)
            text.Append($"    '{Prefix(command).TrimEnd()}') words='")
                .AppendJoin(' ', [.. command.Commands.Select(c => c.Name), .. command.Options.SelectMany(o => o.Names)]).Append("';;\n");
        return text.Append("  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
            + "complete -o default -o bashdefault -F _cortexml cortexml\n").ToString();

        static string Prefix(CompletedCommand command) => command.Path.Length == 0 ? " " : $" {command.Path} ";
    }

    private static string OfFish(IReadOnlyList<CompletedCommand> commands)
    {
        var text = new StringBuilder("# Completion of cortexml for fish: put this file into ~/.config/fish/completions.\n");
        text.Append("function __cortexml_path\n  set -l path\n  for word in (commandline -opc)[2..]\n");
        text.Append("    switch (string join ' ' $path $word)\n");
        foreach (var command in commands.Where(c => c.Path.Length > 0))
            text.Append($"      case '{command.Path}'\n        set -a path $word\n");
        text.Append("    end\n  end\n  string join ' ' $path\nend\n");
        foreach (var command in commands)
        {
            string when = $"complete -c cortexml -n 'test \"(__cortexml_path)\" = \"{command.Path}\"'";
            foreach (var (name, what) in command.Commands) text.Append($"{when} -f -a {name} -d {Quoted(what)}\n");
            foreach (var option in command.Options)
            {
                string names = string.Concat(option.Names.Select(n => n.StartsWith("--", StringComparison.Ordinal) ? $" -l {n[2..]}"
                    : $" -s {n[1..]}"));
                string values = option.Values.Count > 0 ? $" -x -a {Quoted(string.Join(' ', option.Values))}" : option.TakesValue ? " -r"
                    : "";
                text.Append($"{when}{names}{values} -d {Quoted(option.Text)}\n");
            }
        }
        return text.ToString();
    }

    private static string OfPwsh(IReadOnlyList<CompletedCommand> commands)
    {
        var text = new StringBuilder("# Completion of cortexml for PowerShell: dot-source this file in your profile.\n$cortexml = @{\n");
        foreach (var command in commands)
            text.Append($"  '{command.Path}' = @(").AppendJoin(", ", command.Commands.Select(c => (c.Name, c.Text))
                .Concat(command.Options.SelectMany(o => o.Names.Select(n => (n, o.Text))))
                    .Select(w => $"@('{w.Item1}', {Doubled(w.Item2)})"))
                .Append(")\n");
        text.Append("}\n$cortexmlValues = @{\n");
        foreach (var command in commands)
            foreach (var option in command.Options.Where(o => o.Values.Count > 0))
                foreach (string name in option.Names)
                    text.Append($"  '{command.Path} {name}' = @(").AppendJoin(", ", option.Values.Select(v => $"'{v}'")).Append(")\n");
        return text.Append("""
            }
            Register-ArgumentCompleter -Native -CommandName cortexml -ScriptBlock {
              param($word, $line, $position)
              $path = ''; $last = ''
              foreach ($element in $line.CommandElements | Select-Object -Skip 1) {
                if ($element.Extent.EndOffset -ge $position -and $word) { break }
                $last = "$element"
                $next = "$path $element".Trim()
                if ($cortexml.ContainsKey($next)) { $path = $next }
              }
              $values = $cortexmlValues["$path $last"]
              if ($values) { return $values | Where-Object { $_ -like "$word*" } }
              $cortexml[$path] | Where-Object { $_[0] -like "$word*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_[0], $_[0], 'ParameterValue', $_[1])
              }
            }

            """.ReplaceLineEndings("\n")).ToString();
    }

    private static string Quoted(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static string Doubled(string text) => $"'{(text.Length == 0 ? " " : text).Replace("'", "''", StringComparison.Ordinal)}'";
}
