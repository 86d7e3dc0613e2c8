using System.Text;
using CortexMl.Golden;

namespace CortexMl.Cli.Explaining;

/// <summary>A step of an example, in an empty folder.</summary>
internal abstract record ExampleStep
{
    /// <summary>A file. C# (x.cs) is compiled into a library beside it (x.dll): a plugin, for what only a call provokes.</summary>
    /// <param name="Name">In the folder, with / between folders.</param>
    public sealed record TextFile(string Name, string Text) : ExampleStep;

    /// <param name="Words">Of the command line, behind <c>cortexml</c>.</param>
    /// <param name="Setting">Of the environment, in front of it: <c>DOTNET_EnableAVX2=0</c>; null for none.</param>
    public sealed record CommandWords(IReadOnlyList<string> Words, string? Setting = null) : ExampleStep;

    /// <summary>A program that calls the library and ends with the diagnostic.</summary>
    /// <param name="File">Its source, a text file of an earlier step.</param>
    public sealed record Program(string File) : ExampleStep;

    /// <summary>A line for the shell, which spoils or makes files; as the last step, it calls <c>cortexml</c> itself.</summary>
    public sealed record ShellLine(string Line) : ExampleStep;
}

/// <summary>An example that shows a diagnostic: its last step is the command that says it.</summary>
internal sealed record CodeExample(IReadOnlyList<ExampleStep> Steps);

/// <summary>What there is to say about a diagnostic code.</summary>
/// <param name="What">It means, in a sentence or two.</param>
/// <param name="Text">The whole page, for people.</param>
/// <param name="Example">Null where none fits in a few lines.</param>
internal sealed record CodePage(string Code, string What, string Text, CodeExample? Example);

//  ## CML0302                                     a page for each code, what first, then
//  An operator that no row of the table has.      Why: and Do:
//  Why: a misspelling, …
//  Do: `cortexml ops` lists the rows …
//
//      > net.cml                                  files of the example, the lines below are their text
//      graph …
//      $ sed -i 's/relu/rule/' net.cml            lines for the shell
//      $ cortexml opt net.cml                     and commands, one after the other,
//      $ DOTNET_EnableAVX2=0 cortexml bench out   with a setting of the environment,
//      $ cortexml ops > /dev/full                 with one of > | ; a line for the shell too,
//      $ dotnet run show.cs                       or a program that calls the library
/// <summary>The pages of all codes: Explaining/*.md, one file for each range.</summary>
internal static class CodePages
{
    private const string Folder = "Explaining/", Heading = "## ", Indent = "    ";
    private const string FileMark = "> ", Command = "cortexml", CommandMark = $"$ {Command} ", ShellMark = "$ ";
    private const string ProgramMark = "$ dotnet run ";

    /// <summary>In the order of the codes.</summary>
    public static IReadOnlyList<CodePage> All { get; } = [.. Read().OrderBy(p => p.Code, StringComparer.Ordinal)];

    private static IEnumerable<CodePage> Read()
    {
        var assembly = typeof(CodePages).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            string text = "\n" + reader.ReadToEnd().ReplaceLineEndings("\n");
            foreach (string page in text.Split("\n" + Heading).Skip(1)) yield return Page(page.TrimEnd('\n'));
        }
    }

    private static CodePage Page(string text)
    {
        string[] lines = text.Split('\n');
        return new(lines[0].Trim(), lines[1], string.Join('\n', lines.Skip(1)) + "\n", Example(lines));
    }

    private static CodeExample? Example(IReadOnlyList<string> lines)
    {
        List<ExampleStep> steps = [];
        foreach (string line in lines.Where(l => l.StartsWith(Indent, StringComparison.Ordinal)).Select(l => l[Indent.Length..]))
        {
            if (line.StartsWith(FileMark, StringComparison.Ordinal)) steps.Add(new ExampleStep.TextFile(line[FileMark.Length..], ""));
            else if (line.StartsWith(CommandMark, StringComparison.Ordinal) && !IsForShell(line))
                steps.Add(new ExampleStep.CommandWords(CommandLineText.Words(line[CommandMark.Length..])));
            else if (line.StartsWith(ProgramMark, StringComparison.Ordinal)) steps.Add(new ExampleStep.Program(line[ProgramMark.Length..]));
            else if (line.Split(' ', 4) is ["$", var setting, Command, var words] && setting.Contains('=', StringComparison.Ordinal))
                steps.Add(new ExampleStep.CommandWords(CommandLineText.Words(words), setting));
            else if (line.StartsWith(ShellMark, StringComparison.Ordinal)) steps.Add(new ExampleStep.ShellLine(line[ShellMark.Length..]));
            else if (steps[^1] is ExampleStep.TextFile file)
                steps[^1] = file with { Text = file.Text.Length == 0 ? line : $"{file.Text}\n{line}" };
        }
        return steps.Count == 0 ? null : new(steps);
    }

    private static bool IsForShell(string line) => line.Split(' ').Any(word => word is ">" or "|" or ";");
}
