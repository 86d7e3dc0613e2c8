using System.CommandLine;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Packaging;
using CortexMl.Chaining;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Files;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary><c>cortexml chain pack</c>: the files that are shared, and every figure about them.</summary>
internal static class PackCommand
{
    private const string Description = """
        Write the folder, the torrent and the figures with which a model is uploaded.

        OUT gets data/symbol, data/params, data.torrent, and model.json: the info hash, sizes, shapes, gas, the number of
        upload transactions and the code of the model's account. Whatever the chain would refuse is a warning.

        Examples:
          cortexml chain pack out -o package
          cortexml chain pack out -o package --author 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed --author-gas 10000 --comment "MNIST digits"
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("DIR") { Description = "A compiled folder" };
        var output = new Option<string>("--output", "-o") { HelpName = "OUT", Description = "Folder for the package", Required = true };
        var pieceLength = new Option<int>("--piece-length")
        {
            HelpName = "BYTES", Description = "Of the torrent, a power of two", DefaultValueFactory = _ => ChainRules.DefaultPieceLength,
        };
        var author = new Option<string?>("--author") { HelpName = "ADDRESS", Description = "Who is rewarded for calls: 0x and 40 digits" };
        var authorGas = new Option<ulong>("--author-gas") { HelpName = "GAS", Description = "The author's part of a call, at most 20000" };
        var comment = new Option<string>("--comment")
        {
            HelpName = "TEXT", Description = "Stored in the model's account", DefaultValueFactory = _ => "",
        };
        Option<bool> edited = CommonOptions.AcceptEdited(), json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command =
            new TaughtCommand("pack", Description) { model, output, pieceLength, author, authorGas, comment, edited, json, quiet };
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            string folder = TextOutput.Folder(parsed.GetValue(output)!);
            var options = new PackageOptions
            {
                PieceLength = parsed.GetValue(pieceLength), AuthorGas = parsed.GetValue(authorGas), Comment = parsed.GetValue(comment)!,
                Author = parsed.GetValue(author) is { } address ? Address.Parse(address) : new byte[ChainRules.AddressSize],
            };
            var (package, io) = Packer.Pack(parsed.GetValue(model)!, options, new ModelOptions { AcceptsEdited = parsed.GetValue(edited) });
            session.ShowNotes(package.Warnings);
            OutputFolder.Write(folder, Packer.Files(package, io));
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(package.Report));
            else session.Terminal.Write(package.Report.InfoHash + "\n");
            if (!session.IsQuiet) ChainTables.Show(session.Terminal.Console, package.Report);
            return ExitCodes.Ok;
        });
        return command;
    }
}
