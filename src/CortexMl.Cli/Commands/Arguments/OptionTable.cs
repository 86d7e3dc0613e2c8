using System.CommandLine;
using CortexMl.Cli.Commands.RunFiles;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>What options are about, in the order of help, of the manual page and of run files.</summary>
internal enum OptionGroup
{
    /// <summary>Of one command alone.</summary>
    Own,
    Model,
    Data,
    Accuracy,
    Engine,
    Output,
    Passes,

    /// <summary>Work that other processes share; a run file says nothing about it.</summary>
    Jobs,

    /// <summary>What is told while and after a command works; a run file says nothing about it.</summary>
    Messages,

    /// <summary>Looking at passes; a run file says nothing about it.</summary>
    Debugging,
}

/// <summary>One option, whichever commands have it.</summary>
/// <param name="Form">How a run file spells its value; null for what the option's type tells.</param>
/// <param name="IsFirst">Whether it is among the few that matter most.</param>
internal sealed record OptionRow(string Name, OptionGroup Group, ValueForm? Form = null, bool IsFirst = false);

/// <summary>
/// Options that commands share, and those of compile: help, run files with their schema, completion and the manual page read this table.
/// An option that does not stand here is its command's own.
/// </summary>
internal static class OptionTable
{
    public static IReadOnlyList<OptionRow> Rows { get; } =
    [
        new("--params", OptionGroup.Model, ValueForm.Path),
        new("--random-params", OptionGroup.Model),
        new("--input", OptionGroup.Model, ValueForm.Shapes),
        new("--bind", OptionGroup.Model, ValueForm.Files),
        new("--split-at", OptionGroup.Model),
        new("--max-memory", OptionGroup.Model),
        new("--accept-edited", OptionGroup.Model),
        new("--data", OptionGroup.Data, ValueForm.Path, IsFirst: true),
        new("--samples", OptionGroup.Data, IsFirst: true),
        new("--random-data", OptionGroup.Data),
        new("--calibration", OptionGroup.Data, ValueForm.Path),
        new("--scheme", OptionGroup.Data, ValueForm.Path),
        new("--shape", OptionGroup.Data, ValueForm.Dimensions),
        new("--dtype", OptionGroup.Data),
        new("--resize", OptionGroup.Data),
        new("--crop", OptionGroup.Data),
        new("--channels", OptionGroup.Data),
        new("--invert", OptionGroup.Data),
        new("--layout", OptionGroup.Data),
        new("--scale", OptionGroup.Data, ValueForm.Numbers, IsFirst: true),
        new("--mean", OptionGroup.Data, ValueForm.Numbers),
        new("--std", OptionGroup.Data, ValueForm.Numbers),
        new("--no-stored-prep", OptionGroup.Data),
        new("--integer", OptionGroup.Data),
        new("--input-scale", OptionGroup.Data),
        new("--test", OptionGroup.Accuracy, ValueForm.Path, IsFirst: true),
        new("--labels", OptionGroup.Accuracy, ValueForm.Path, IsFirst: true),
        new("--classes", OptionGroup.Accuracy, ValueForm.Path),
        new("--limit", OptionGroup.Accuracy),
        new("--metric", OptionGroup.Accuracy),
        new("--target-drop", OptionGroup.Accuracy),
        new("--min-db", OptionGroup.Accuracy),
        new("--gas-budget", OptionGroup.Accuracy),
        new("--input-precision", OptionGroup.Accuracy),
        new("--output-precision", OptionGroup.Accuracy),
        new("--restore", OptionGroup.Accuracy),
        new("--restore-each", OptionGroup.Accuracy),
        new("--float-engine", OptionGroup.Engine),
        new("--engine", OptionGroup.Engine),
        new("--device", OptionGroup.Engine),
        new("--threads", OptionGroup.Engine),
        new("--output", OptionGroup.Output, ValueForm.Path, IsFirst: true),
        new("--cvm-version", OptionGroup.Output),
        new("--strict", OptionGroup.Output),
        new("--no-report", OptionGroup.Output),
        new("--passes", OptionGroup.Passes),
        new("--stop-after", OptionGroup.Passes),
        new("--skip", OptionGroup.Passes),
        new("--rewrite-limit", OptionGroup.Passes),
        new("--verify-each", OptionGroup.Passes),
        new("--plugin", OptionGroup.Passes, ValueForm.Paths),
        new("--plan-jobs", OptionGroup.Jobs),
        new("--from-jobs", OptionGroup.Jobs),
        new("--job", OptionGroup.Jobs),
        new("--jobs-at-once", OptionGroup.Jobs),
        new("--job-shards", OptionGroup.Jobs),
        new("--json", OptionGroup.Messages),
        new("--predictions", OptionGroup.Messages),
        new("--progress", OptionGroup.Messages),
        new("--quiet", OptionGroup.Messages),
        new("--help", OptionGroup.Messages),
        new("--version", OptionGroup.Messages),
        new("--print-pipeline", OptionGroup.Debugging),
        new("--log-rewrites", OptionGroup.Debugging),
        new("--dump-ir", OptionGroup.Debugging),
        new("--dump-dir", OptionGroup.Debugging),
        new("--timing", OptionGroup.Debugging),
        new("--trace", OptionGroup.Debugging),
        new("--verbose", OptionGroup.Debugging),
    ];

    private static readonly Dictionary<string, OptionRow> s_rows = Rows.ToDictionary(row => row.Name, StringComparer.Ordinal);

    private static readonly Dictionary<OptionRow, int> s_ranks = Rows.Index().ToDictionary(row => row.Item, row => row.Index);

    /// <summary>The row of an option; one of its own where the table has none.</summary>
    public static OptionRow Of(Option option) =>
        s_rows.GetValueOrDefault(option.Name) ?? new(option.Name, OptionGroup.Own);

    /// <summary>Its place in the table, by any of its names; behind all where the table has none of them.</summary>
    public static int RankOf(Option option) => option.Aliases.Prepend(option.Name).Min(name =>
        s_rows.TryGetValue(name, out var row) ? s_ranks[row] : Rows.Count);

    /// <summary>Whether it is among the few to read first, by any of its names.</summary>
    public static bool IsFirst(Option option) =>
        option.Aliases.Prepend(option.Name).Any(n => s_rows.GetValueOrDefault(n) is { IsFirst: true });

    /// <summary>How a run file spells its value.</summary>
    public static ValueForm FormOf(Option option) => Of(option).Form ?? ValueForm.OfType(option);

    /// <summary>Options of a command that a run file can say, in the order of the table.</summary>
    public static IEnumerable<Option> OfRun(Command command) =>
        from pair in Rows.Index()
        where pair.Item.Group is not (OptionGroup.Jobs or OptionGroup.Messages or OptionGroup.Debugging)
        join option in command.Options on pair.Item.Name equals option.Name
        orderby pair.Index
        select option;

    /// <summary><c>--target-drop</c> ⇒ <c>targetDrop</c>, as run files spell it.</summary>
    public static string MemberOf(Option option) => string.Concat(
        option.Name.TrimStart('-').Split('-').Select((word, i) => i == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));
}
