using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json.Nodes;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Runs;

namespace CortexMl.Cli.Commands.RunFiles;

/// <summary>
/// The run that a compilation was, written beside its result: what a run file and the command line said together, with paths relative to
/// the result. Compiling it gives the same bytes, itself among them.
/// </summary>
internal static class EffectiveRun
{
    /// <param name="folder">Where the result goes.</param>
    /// <param name="source">The run file that was read; null for none.</param>
    /// <returns>Nothing where that file is the one in the folder, and said everything: its comments stay.</returns>
    /// <exception cref="DiagnosticException">CML0985: a file that no compilation wrote stands in its place.</exception>
    public static IReadOnlyList<OutputFile> Of(ParseResult parsed, TaughtCommand command, string folder, GivenRun? source)
    {
        string target = Path.Combine(folder, RunFile.FileName);
        bool isSource = source is not null && Path.GetFullPath(source.Path) == Path.GetFullPath(target);
        if (isSource && source!.SaysAll) return [];
        if (!Path.Exists(target) || IsWritten(target))
            return [OutputFile.Text(RunFile.FileName, Of(parsed, command, folder).ToJson()) with { IsEditable = true }];
        throw new DiagnosticException(LibraryCodes.RunFileInTheWay,
            $"'{target}' was written by hand: the run file of this result would take its place",
            hint: "write the result into another folder, or give that file another name");
    }

    /// <summary>What was said beside files and what is written: the same of the run file that this call leaves.</summary>
    public static string Said(ParseResult parsed, TaughtCommand command) => string.Join(' ',
        from option in OptionTable.OfRun(command)
        let form = OptionTable.FormOf(option)
        where RunWords.IsGiven(parsed, option) && !ValueForm.IsOfPaths(form) && OptionTable.Of(option).Group != OptionGroup.Output
        select $"{OptionTable.MemberOf(option)}={Value(form, parsed.GetResult(option)!, ".").ToJsonString()}");

    private static RunFile Of(ParseResult parsed, TaughtCommand command, string folder)
    {
        string network = parsed.GetResult(command.Arguments[0])!.Tokens[0].Value;
        var model = new RunMember(RunFile.ModelMember, ValueForm.FromFolder(network, folder));
        var given = OptionTable.OfRun(command).Where(option => RunWords.IsGiven(parsed, option)).Select(option => new RunMember(
            OptionTable.MemberOf(option), Value(OptionTable.FormOf(option), parsed.GetResult(option)!, folder)));
        return new([model, .. given]);
    }

    private static JsonNode Value(ValueForm form, OptionResult option, string folder) =>
        form.Node([.. option.Tokens.Select(token => token.Value)], folder);

    /// <summary>Whether a compilation wrote the file: what it says gives these bytes.</summary>
    private static bool IsWritten(string path)
    {
        try
        {
            return RunFile.Read(path).ToJson() == InputFile.ReadAllText(path);
        }
        catch (DiagnosticException)
        {
            return false;
        }
    }
}
