using System.CommandLine;
using CortexMl.Chain;
using CortexMl.Chain.Meta;
using CortexMl.Chain.Torrent;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Files;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain meta</c>: account codes from and to JSON, and what a torrent says.</summary>
internal static class MetaCommand
{
    private const string Description = """
        Read and write the code of an account: hexadecimal digits become JSON, JSON becomes digits.

        A model is 0x0001 and a list, input data 0x0002 and a list. Reading is strict: whatever is not exactly as the chain
        writes it is refused. A .torrent prints its info hash and files.

        Examples:
          cortexml chain meta 0x0002d8…
          cortexml chain meta account.json
          cortexml chain meta package/data.torrent
          echo '{"kind": "input", "hash": "0x00112233445566778899aabbccddeeff00112233", "rawSize": 912, "shape": [1, 28, 28]}' | cortexml chain meta -
        """;

    public static Command Create(Session session)
    {
        var source = new Argument<string>("SOURCE") { Description = "0x…, a file with digits or JSON, a .torrent, - for standard input" };
        var output = ChainArguments.Output("the result");
        var command = new TaughtCommand("meta", Description) { source, output };
        command.SetAction(parsed =>
        {
            string given = parsed.GetValue(source)!;
            TextOutput.Write(session, parsed.GetValue(output)!,
                given.EndsWith(".torrent", StringComparison.OrdinalIgnoreCase) ? Torrent(given) : Convert(session, given));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string Convert(Session session, string given)
    {
        string text = ChainArguments.Text(session, given);
        string name = File.Exists(given) ? InputFile.DisplayName(given) : "account code";
        return text.AsSpan().TrimStart().StartsWith("{")
            ? Hex.Of(AccountCodec.Encode(AccountJson.Read(text, name))) + "\n"
            : AccountJson.Write(AccountCodec.Decode(Hex.Parse(text, name), name));
    }

    private static string Torrent(string path)
    {
        var info = TorrentReader.Read(InputFile.ReadAllBytes(path), InputFile.DisplayName(path));
        return FileSchemas.Write(new TorrentFacts(
            System.Convert.ToHexStringLower(info.Hash), info.Name, info.PieceLength, info.PieceCount, info.RawSize, info.Files));
    }
}

/// <summary>What a .torrent says of its files.</summary>
/// <param name="InfoHash">20 bytes in hexadecimal.</param>
/// <param name="Pieces">Their number.</param>
/// <param name="RawSize">Bytes of all files.</param>
internal sealed record TorrentFacts(
    string InfoHash, string Name, long PieceLength, int Pieces, long RawSize, IReadOnlyList<TorrentEntry> Files);
