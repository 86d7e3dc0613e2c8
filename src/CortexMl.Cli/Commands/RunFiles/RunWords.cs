using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Runs;

namespace CortexMl.Cli.Commands.RunFiles;

/// <summary>A run file on a command line.</summary>
/// <param name="SaysAll">Whether no option of the command line says anything about the run.</param>
public sealed record GivenRun(string Path, bool SaysAll);

//  cortexml compile run.json --samples 64       cortexml compile mnist-symbol.json --samples=64 --data=images.npy --scale=1/255 -o out
//  run.json: model, data, samples, scale, output  ⇒
//
// What the command line says takes the place of what the file says, option by option. A run file becomes words, so that everything that
// looks at options sees those of a file as it sees others.
internal static class RunWords
{
    /// <summary>
    /// Options of which a run has one: where the command line gives one, the file's others and what belongs to them are left out.
    /// </summary>
    private static readonly (string Option, string[] Belonging)[] s_calibrating =
        [("--data", ["--samples"]), ("--random-data", []), ("--calibration", [])];

    /// <summary>The command line without a run file, or as it is where it names none.</summary>
    /// <param name="run">The run file; null where there is none.</param>
    /// <exception cref="DiagnosticException">CML0984, CML0940, CML0934: everything that is wrong with the file.</exception>
    public static ParseResult Expand(RootCommand root, ParseResult parsed, out GivenRun? run)
    {
        run = null;
        if (parsed.Action is HelpAction || parsed.CommandResult.Command is not TaughtCommand { TakesRunFile: true } command) return parsed;
        string? file = parsed.GetResult(command.Arguments[0])?.Tokens switch
        {
            [var model] => RunFile.Is(model.Value) ? model.Value : null,
            _ => JobArguments.RunFileOf(parsed, command),
        };
        if (file is null) return parsed;
        run = new(file, !OptionTable.OfRun(command).Any(option => IsGiven(parsed, option)));
        var (network, words) = Words(command, RunFile.Read(run.Path), parsed, run.Path);
        return root.Parse([.. Names(command), network, .. Given(parsed), .. words, .. parsed.UnmatchedTokens]);
    }

    /// <summary>The model, and what the command line leaves to the file.</summary>
    private static (string Model, List<string> Words) Words(Command command, RunFile file, ParseResult parsed, string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var options = OptionTable.OfRun(command).ToDictionary(OptionTable.MemberOf, StringComparer.Ordinal);
        var replaced = Replaced(command, parsed);
        var problems = new DiagnosticBag();
        var words = new List<string>();
        string? network = null;
        foreach (var member in file.Members)
        {
            if (member.Name == RunFile.ModelMember) network = Single(ValueForm.Path, member, folder, problems);
            else if (!options.TryGetValue(member.Name, out var option)) problems.Add(Unknown(member, options.Keys));
            else if (Read(OptionTable.FormOf(option), member, folder, problems) is { } values)
            {
                problems.AddRange(OptionValues.Problems(option, values).Select(p => p with { Location = member.Location }));
                if (!replaced.Contains(option.Name)) words.AddRange(values.Select(value => $"{option.Name}={value}"));
            }
        }
        if (file.Members.All(m => m.Name != RunFile.ModelMember))
            problems.Error(LibraryCodes.RunFile, "the run file names no model", new(Path.GetFileName(path)),
                "add \"model\": \"x-symbol.json\"");
        problems.ThrowIfErrors();
        return (network!, words);
    }

    private static string? Single(ValueForm form, RunMember member, string folder, DiagnosticBag problems) =>
        Read(form, member, folder, problems) is [var only] ? only : null;

    private static IReadOnlyList<string>? Read(ValueForm form, RunMember member, string folder, DiagnosticBag problems)
    {
        if (form.Words(member.Value, folder) is { } words) return words;
        problems.Error(LibraryCodes.RunFile, $"'{Printable.Name(member.Name)}' is {Kind(member)}: {form.Needed} is needed",
            member.Location);
        return null;
    }

    private static string Kind(RunMember member) => member.Value.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Array => "a list",
        System.Text.Json.JsonValueKind.Object => "an object",
        System.Text.Json.JsonValueKind.String => "a text",
        System.Text.Json.JsonValueKind.Number => "a number",
        _ => "true or false",
    };

    private static Diagnostic Unknown(RunMember member, IEnumerable<string> known) =>
        new(LibraryCodes.RunFile, Severity.Error, $"no run has '{Printable.Name(member.Name)}'", member.Location,
            Nearest.Hint(member.Name, known.Append(RunFile.ModelMember),
                "members are options of cortexml compile: --target-drop is targetDrop"));

    /// <summary>Names of options that the command line gives, or that make no sense beside those.</summary>
    private static HashSet<string> Replaced(Command command, ParseResult parsed)
    {
        var given = command.Options.Where(o => IsGiven(parsed, o)).Select(o => o.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (option, belonging) in s_calibrating)
            if (!given.Contains(option) && s_calibrating.Any(other => given.Contains(other.Option)))
                given.UnionWith([option, .. belonging]);
        return given;
    }

    public static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Every option as it was given, each value with its option in one word: no value is taken for an option.</summary>
    private static IEnumerable<string> Given(ParseResult parsed) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Where(o => !o.Implicit).SelectMany(o =>
            o.Tokens.Count == 0 ? [o.Option.Name] : o.Tokens.Select(token => $"{o.Option.Name}={token.Value}"));

    private static IEnumerable<string> Names(Command command) => command is RootCommand ? []
        : command.Parents.OfType<Command>().SelectMany(Names).Append(command.Name);
}
