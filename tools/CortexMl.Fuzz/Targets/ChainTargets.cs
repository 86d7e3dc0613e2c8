using System.Numerics;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Chain.Meta;
using CortexMl.Chain.Torrent;
using CortexMl.Chain.Words;
using CortexMl.Diagnostics;

namespace CortexMl.Fuzz;

/// <summary>What comes from the chain or goes there: torrents, account codes, call data, words.</summary>
internal static class ChainTargets
{
    private static readonly IReadOnlyList<AbiType> s_types =
        FunctionSignature.Parse("f(uint256[], bytes, (int8, bool[2])[], string, address, bytes4)").Inputs;

    private static readonly ContractEntry s_transfer = new(EntryKind.Event, "Transfer",
        [new("from", new AbiAddress(), true), new("to", new AbiAddress(), true), new("value", new AbiInteger(256, false))], []);

    public static IEnumerable<Target> All()
    {
        string folder = SeedFiles.Folder("tools", "CortexMl.Fuzz", "Seeds", "chain");
        yield return new(
            "torrent", false, SeedFiles.Of(folder, ".torrent"), attempt => TorrentReader.Read(attempt.Bytes, attempt.Seed.Name));
        yield return new(
            "account", false, SeedFiles.Of(folder, ".account"), attempt => AccountCodec.Decode(attempt.Bytes, attempt.Seed.Name));
        yield return new(
            "account-json", true, SeedFiles.Of(folder, "account.json"), attempt => AccountJson.Read(attempt.Text, attempt.Seed.Name));
        yield return new("abi", false, [new Seed("call", Call())], attempt => AbiCodec.Decode(s_types, attempt.Bytes, new DiagnosticBag()));
        yield return new("contract", true, SeedFiles.Of(folder, ".abi.json"), attempt => ReadContract(attempt.Bytes, attempt.Seed.Name));
        yield return new("event-log", true, SeedFiles.Of(folder, "log.json"), attempt => ReadLog(attempt.Text));
        yield return new("signature", true, SeedFiles.Of(folder, "signatures.txt"), attempt => FunctionSignature.Parse(attempt.Text));
        yield return new("words", true, SeedFiles.Of(folder, "words.txt"), attempt => ChainWords.Parse(attempt.Text));
    }

    /// <summary>A name of the file, a selector and a topic are looked for too.</summary>
    private static void ReadContract(byte[] file, string name)
    {
        var contract = ContractAbi.Read(file, name, new DiagnosticBag());
        contract.Function("transfer(address,uint256)");
        contract.Called([0xa9, 0x05, 0x9c, 0xbb]);
        contract.Logged(new EventLog([s_transfer.Signature.Hash], []));
    }

    private static void ReadLog(string text)
    {
        var contract = new ContractAbi("token", [s_transfer]);
        var log = EventLog.Parse(text);
        log.Decode(contract.Logged(log), new DiagnosticBag());
    }

    private static byte[] Call()
    {
        object[] row = [BigInteger.MinusOne, new object[] { true, false }];
        object[] values = [new object[] { BigInteger.One, BigInteger.Pow(2, 255) }, new byte[] { 1, 2, 3 }, new object[] { row, row },
            "text", "0x" + new string('1', 40), new byte[] { 1, 2, 3, 4 }];
        return AbiCodec.Encode(s_types, values);
    }
}
