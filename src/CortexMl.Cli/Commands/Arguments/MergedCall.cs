using System.CommandLine;
using System.CommandLine.Parsing;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Diagnostics;
using CortexMl.Sharding;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>What merging opens in place of what the parts name.</summary>
/// <param name="Models">All of the call, in its order; empty where they lie as they lay.</param>
/// <param name="Plugins">Of the call; parts cannot make us load any.</param>
internal sealed record MovedFiles(IReadOnlyList<string> Models, string? Data, string? Labels, IReadOnlyList<string> Plugins);

//  cortexml merge parts -o net.json --data moved            cortexml calibrate net.onnx --data=moved --scale=1/255 --output=net.json
//  parts: calibrate net.onnx --data=train --scale=1/255  ⇒
//
/// <summary>
/// The call of the parts once more, now for all samples: the command that made them reads their words as it read the command line, finds
/// them at <see cref="Session.Merging"/>, and goes on with what they found out.
/// </summary>
internal static class MergedCall
{
    /// <exception cref="DiagnosticException">CML1200: words that are no such call; what the command finds.</exception>
    public static int Run(Session session, PartSet parts, MovedFiles moved, string output, bool isQuiet)
    {
        string[] ends = [$"--output={output}", .. moved.Plugins.Select(p => $"--plugin={p}"), .. isQuiet ? (string[])["--quiet"] : []];
        var parsed = Parse(session, parts, moved, ends);
        session.Merging = parts;
        return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Error = session.Terminal.Error });
    }

    private static ParseResult Parse(Session session, PartSet parts, MovedFiles moved, string[] ends)
    {
        var words = parts.Run.Words;
        string file = Files.InputFile.DisplayName(parts.Paths[0]);
        var root = CommandLine.Root(session);
        if (words[0] != NameOf(parts.Kind) || root.Subcommands.FirstOrDefault(c => c.Name == words[0]) is not { } command)
            throw PartReader.NoPart(file, $"'{Printable.Escape(words[0])}' makes no parts of this kind");
        string[] stated = [.. words.Skip(1)];
        var models = moved.Models.Count > 0 ? moved.Models : stated.TakeWhile(w => w.Length > 0 && w[0] != '-').ToList();
        var options = stated.Where(w => w.StartsWith('-')).ToList();
        if (options.FirstOrDefault(word => !IsOwn(command, word)) is { } other)
            throw PartReader.NoPart(file, $"'{Printable.Escape(other)}' is no word of a part");
        Move("--data", moved.Data);
        Move("--labels", moved.Labels);
        // Words of a file are words: none names a file with more of them.
        var parsed = root.Parse([words[0], .. models, .. options, .. ends], new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (Usage.Problems(parsed) is { Count: > 0 } problems) throw new DiagnosticException([.. problems]);
        return parsed;

        void Move(string option, string? path)
        {
            if (path is null) return;
            options.RemoveAll(w => w.StartsWith(option + "=", StringComparison.Ordinal));
            options.Add($"{option}={path}");
        }
    }

    /// <summary>The command that makes parts of a kind.</summary>
    private static string NameOf(PartKind kind) => kind == PartKind.Calibration ? "calibrate" : "eval";

    private static bool IsOwn(Command command, string word)
    {
        string name = word.Split('=')[0];
        return command.Options.Any(o => o.Name == name && CallWords.Decides(o));
    }
}
