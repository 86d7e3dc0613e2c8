using System.CommandLine;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Sharding;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>--shard and --resume, of commands that can do a part of their work.</summary>
internal sealed class ShardArguments
{
    private readonly Option<string?> _shard = new("--shard")
    {
        HelpName = "I/N", Description =
            "Only the samples of this shard, of N that the data are cut into: the output is a part, and 'cortexml merge' joins all of them",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "With --shard: a part that is there, whole and of this very run, is kept; nothing is computed then",
    };

    public ShardArguments(Command command)
    {
        command.Options.Add(_shard);
        command.Options.Add(_resume);
    }

    /// <summary>Null for the whole work.</summary>
    /// <exception cref="DiagnosticException">CML1207; CML0940: --resume without a shard.</exception>
    public Shard? Given(ParseResult parsed)
    {
        if (parsed.GetValue(_shard) is { } text) return Shard.Parse(text);
        return !parsed.GetValue(_resume) ? null
            : throw new DiagnosticException(CliCodes.Usage, "--resume is about parts", hint: "pass --shard I/N with it, or leave it out");
    }

    /// <summary>Refuses a model that comes once, through standard input or a pipe: merging has to read it again.</summary>
    /// <exception cref="DiagnosticException">CML1206.</exception>
    public static void CheckFile(string model)
    {
        if (model == TextOutput.Standard || FileKinds.Of(model) is FileKind.Pipe or FileKind.Device)
            throw new DiagnosticException(ShardCodes.Indivisible, "a model from standard input or a pipe cannot be cut into shards",
                hint: "write it into a file: every shard, and merge, reads it");
    }

    /// <summary>Whether the part is there already, so that nothing is to be done; what is there and does not fit is told.</summary>
    /// <param name="head">Of the part that would be made.</param>
    public bool IsThere(ParseResult parsed, string path, PartHead head, Session session)
    {
        if (!parsed.GetValue(_resume) || path == TextOutput.Standard || FileKinds.Of(path) == FileKind.Missing) return false;
        string? difference;
        try
        {
            var there = PartReader.Read(path).Head;
            difference = there.DifferenceFrom(head)
                ?? (there.Shard == head.Shard ? null : $"it is shard {there.Shard}, wanted is {head.Shard}");
        }
        catch (DiagnosticException error)
        {
            difference = error.Diagnostics[0].Message;
        }
        string name = InputFile.DisplayName(path);
        if (difference is null) session.Notes.Note(ShardCodes.Kept, $"'{name}' is kept: shard {head.Shard} of this run, whole");
        else session.Notes.Note(ShardCodes.Replaced, $"'{name}' is computed again: {difference}");
        session.ShowNotes();
        return difference is null;
    }

    /// <summary>Writes a part, whole or not at all.</summary>
    public static void Write(Session session, string path, byte[] part) => TextOutput.Write(session, path, stream => stream.Write(part));
}
