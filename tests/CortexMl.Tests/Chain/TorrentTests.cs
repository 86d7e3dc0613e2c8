using System.Text;
using System.Text.Json;
using CortexMl.Chain;
using CortexMl.Chain.Torrent;
using CortexMl.Tests.Support;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Chain;

public sealed class TorrentTests
{
    private sealed record Vector(int Params, int Symbol, int PieceLength, string InfoHash);

    [Fact]
    public void Info_hashes_are_those_of_create_torrent_and_mktorrent()
    {
        var vectors = JsonSerializer.Deserialize<Vector[]>(
            File.ReadAllText(Repository.Path("golden", "chain", "torrents.json")), JsonSerializerOptions.Web)!;
        Assert.Contains(vectors, v => v.Params % v.PieceLength == 0);
        Assert.All(vectors, v => Assert.Equal(v.InfoHash, Convert.ToHexStringLower(Model(v.Params, v.Symbol, v.PieceLength).Hash)));
    }

    [SkippableFact]
    public void A_model_of_the_chain_has_the_info_hash_that_is_its_name()
    {
        const string Name = "3145ad19228c1cd2d051314e72f26c1ce77b7f02";
        string folder = SharedData.Folder("cortex", Name);
        byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(folder, name));
        var info = TorrentInfo.Of("data", [("symbol", File("symbol")), ("params", File("params"))], 16384);
        Assert.Equal(Name, Convert.ToHexStringLower(info.Hash));
    }

    [Fact]
    public void A_torrent_is_its_info_dictionary_and_nothing_else()
    {
        string text = Encoding.Latin1.GetString(Model(3, 2, 4096).ToFile());
        Assert.StartsWith(
            "d4:infod5:filesld6:lengthi3e4:pathl6:paramseed6:lengthi2e4:pathl6:symboleee4:name4:data12:piece lengthi4096e6:pieces20:",
            text);
        Assert.EndsWith("ee", text);
    }

    [Fact]
    public void What_was_written_is_read_back()
    {
        var made = Model(10_000, 5_000, 4096);
        var read = TorrentReader.Read(made.ToFile(), "data.torrent");
        Assert.Equal(made.Hash, read.Hash);
        Assert.Equal((15_000L, 4, 4096L, "data"), (read.RawSize, read.PieceCount, read.PieceLength, read.Name));
        Assert.Equal([new("params", 10_000), new TorrentEntry("symbol", 5_000)], read.Files);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-4096)]
    [InlineData(4095)]
    [InlineData(512)]
    [InlineData(1 << 25)]
    public void Odd_piece_lengths_are_refused(int length) => Refused.With(ChainCodes.PieceLength, () => Model(1, 1, length));

    [Theory]
    [InlineData("")]
    [InlineData("i1")]
    [InlineData("i01e")]
    [InlineData("i-0e")]
    [InlineData("ie")]
    [InlineData("i+1e")]
    [InlineData("i99999999999999999999e")]
    [InlineData("01:a")]
    [InlineData("3:ab")]
    [InlineData("9223372036854775807:")]
    [InlineData("d1:bi1e1:ai1ee")]
    [InlineData("d1:ai1e1:ai1ee")]
    [InlineData("di1ei1ee")]
    [InlineData("l")]
    [InlineData("lee")]
    [InlineData("x")]
    public void Bencode_that_is_not_canonical_is_refused(string text) =>
        Refused.With(ChainCodes.Bencode, () => BencodeReader.Read(Encoding.ASCII.GetBytes(text), "x"));

    [Fact]
    public void Deep_bencode_is_refused() =>
        Refused.With(ChainCodes.Bencode, () => BencodeReader.Read(Encoding.ASCII.GetBytes(new string('l', 100_000)), "x"));

    [Fact]
    public void Bencode_of_countless_values_is_refused() =>
        Refused.With(ChainCodes.Bencode,
            () => BencodeReader.Read(Encoding.ASCII.GetBytes($"l{string.Concat(Enumerable.Repeat("le", 300_000))}e"), "x"));

    [Theory]
    [InlineData("de", 1)]
    [InlineData("d4:infodee", 4)]
    [InlineData(
        "d4:infod5:filesld6:lengthi-1e4:pathl1:aeed6:lengthi1e4:pathl2:..eed6:lengthi1e4:pathl1:a1:beee4:name1:/12:piece lengthi3e6:pieces1:xee", 6)]
    [InlineData(
        "d4:infod5:filesld6:lengthi9223372036854775807e4:pathl1:aeed6:lengthi9223372036854775807e4:pathl1:beee4:name4:data12:piece lengthi4096e6:pieces0:ee", 1)]
    [InlineData(
        "d4:infod5:filesld6:lengthi1e4:pathl1:aeed6:lengthi1e4:pathl1:aeee4:name4:data12:piece lengthi4096e6:pieces20:01234567890123456789ee", 1)]
    public void Everything_that_is_wrong_with_a_torrent_is_said(string text, int findings) =>
        Assert.Equal(
            findings, Refused.With(ChainCodes.Torrent, () => TorrentReader.Read(Encoding.ASCII.GetBytes(text), "x.torrent")).Count);

    [Fact]
    public void Changed_torrents_are_refused_or_keep_their_bytes()
    {
        byte[] file = Model(5_000, 100, 4096).ToFile();
        Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte, Gen.Int[0, file.Length]).Sample((at, value, length) =>
        {
            byte[] changed = [.. file[..length]];
            if (at < length) changed[at] = value;
            if (Refused.OrResult(() => TorrentReader.Read(changed, "x.torrent")) is { } info) Assert.Equal(changed, info.ToFile());
        }, iter: 20_000);
    }

    private static TorrentInfo Model(int parameters, int symbol, int pieceLength) =>
        TorrentInfo.Of("data", [("symbol", Content(symbol, 2)), ("params", Content(parameters, 1))], pieceLength);

    /// <summary>The bytes of tools/chain/torrents.mjs.</summary>
    private static byte[] Content(int length, int start) => [.. Enumerable.Range(0, length).Select(i => (byte)(i * 31 + (i >> 8) + start))];
}
