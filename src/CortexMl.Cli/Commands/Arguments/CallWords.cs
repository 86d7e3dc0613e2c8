using System.CommandLine;
using System.CommandLine.Parsing;
using CortexMl.Cli.Commands.RunFiles;

namespace CortexMl.Cli.Commands.Arguments;

//  cortexml calibrate net.onnx --data train.npy --scale 1/255 --shard 3/16 -o 3.part --timing
//    ⇒ calibrate net.onnx --data=train.npy --scale=1/255
//
/// <summary>
/// The words of a call that its parts keep: what decides about the result, each value with its option in one word. What is left out may be
/// another for each part: shard, output, threads, messages; and plugins, which are code: whoever merges names them again.
/// </summary>
internal static class CallWords
{
    private static readonly HashSet<OptionGroup> s_deciding =
        [OptionGroup.Model, OptionGroup.Data, OptionGroup.Accuracy, OptionGroup.Engine, OptionGroup.Passes];

    private static readonly HashSet<string> s_left = new(["--plugin", "--threads", "--device"], StringComparer.Ordinal);

    public static IReadOnlyList<string> Of(ParseResult parsed) =>
    [
        parsed.CommandResult.Command.Name,
        .. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens).Select(t => t.Value),
        .. Given(parsed, Decides),
    ];

    /// <summary>The options among them whose values are no paths: the same words mean the same, wherever files lie.</summary>
    public static string Options(ParseResult parsed) =>
        string.Join(' ', Given(parsed, option => Decides(option) && !ValueForm.IsOfPaths(OptionTable.FormOf(option))));

    /// <summary>Whether an option stands among the words of a part.</summary>
    public static bool Decides(Option option) => !s_left.Contains(option.Name) && s_deciding.Contains(OptionTable.Of(option).Group);

    /// <summary>In the order of the table: the order of a command line decides nothing.</summary>
    private static IEnumerable<string> Given(ParseResult parsed, Func<Option, bool> takes) =>
        parsed.CommandResult.Children.OfType<OptionResult>().Where(o => !o.Implicit && takes(o.Option))
            .OrderBy(o => OptionTable.RankOf(o.Option)).ThenBy(o => o.Option.Name, StringComparer.Ordinal)
            .SelectMany(o => o.Tokens.Count == 0 ? [o.Option.Name] : o.Tokens.Select(token => $"{o.Option.Name}={token.Value}"));
}
