using CortexMl.Diagnostics;
using CortexMl.Sharding;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Sharding;

/// <summary>Parts that do not make up a run are told, each with its own code and all at once.</summary>
public sealed class PartSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Parts_of_a_run_come_in_the_order_of_their_shards()
    {
        var set = PartSet.Open([Written(3, 3), Written(1, 3), Written(2, 3)]);
        Assert.Equal([1, 2, 3], set.Parts().Select(p => p.Head.Shard.Index));
        Assert.Equal([0, 3, 6], set.Parts().Select(p => p.Head.Range.First));
        Assert.Equal("3.part", Path.GetFileName(set.Paths[2]));
    }

    [Fact]
    public void Missing_parts_are_named() =>
        Refused("error CML1203: of 5 shards these are missing: 2, 4\n  help: compute them: --shard I/N with --resume keeps the others",
            Written(1, 5), Written(3, 5), Written(5, 5));

    [Fact]
    public void A_part_that_is_there_twice_is_named()
    {
        string[] parts = [Written(1, 2), Written(2, 2)];
        string copy = _folder.Write("copy.part", File.ReadAllBytes(parts[0]));
        Refused("error CML1204: shard 1/2 is there twice: '1.part' too\n  --> copy.part\n  help: leave one of them out", [.. parts, copy]);
    }

    [Theory]
    [InlineData("model", "other model: 'other' (", "…), not 'model' (")]
    [InlineData("compiler", "of cortexml 9.9.9, not 1.0.0", "")]
    [InlineData("samples", "of 10 samples, not 9 samples", "")]
    [InlineData("shards", "of 4 shards, not 3 shards", "")]
    [InlineData("kind", "a part of evaluation, not of calibration", "")]
    public void A_part_of_another_run_is_named_with_the_difference(string what, string first, string second)
    {
        string[] parts = [Written(1, 3), Written(2, 3), Written(3, 3)];
        var head = Head(2, 3);
        var other = what switch
        {
            "model" => head with { Facts = [PartFacts.OfText("model", "other"), .. head.Facts.Skip(1)] },
            "compiler" => head with { Compiler = "9.9.9" },
            "samples" => head with { Samples = 10 },
            "kind" => head with { Kind = PartKind.Evaluation },
            _ => head with { Shard = new(2, 4) },
        };
        string message = Error([_folder.Write("stray.part", Part.Write(other, _ => { })), .. parts]);
        Assert.StartsWith($"error CML1202: the part is of another run than the others: {first}", message, StringComparison.Ordinal);
        Assert.Contains(second, message, StringComparison.Ordinal);
        Assert.Contains("--> stray.part", message, StringComparison.Ordinal);
        Assert.DoesNotContain("CML1203", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Words_that_say_where_files_lie_make_no_other_run()
    {
        var moved = Head(2, 2) with { Words = ["calibrate", "/elsewhere/net.onnx"] };
        Assert.Equal(2, PartSet.Open([Written(1, 2), _folder.Write("2.part", Part.Write(moved, _ => { }))]).Count);
    }

    [Fact]
    public void A_part_is_damaged_wherever_a_byte_is_another_or_missing()
    {
        byte[] whole = File.ReadAllBytes(Written(1, 1));
        for (int at = 40; at < whole.Length; at++)
        {
            byte[] changed = [.. whole];
            changed[at] ^= 1;
            Assert.StartsWith("error CML1201: the part is damaged", Error(changed), StringComparison.Ordinal);
            Assert.StartsWith("error CML1201: the part is damaged", Error(whole[..at]), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_damaged_part_is_not_missing_too()
    {
        string[] parts = [Written(1, 2), Written(2, 2)];
        File.WriteAllBytes(parts[1], File.ReadAllBytes(parts[1])[..^1]);
        string message = Error(parts);
        Assert.StartsWith("error CML1201", message, StringComparison.Ordinal);
        Assert.Contains("--> 2.part", message, StringComparison.Ordinal);
        Assert.DoesNotContain("CML1203", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_never_a_part_is_said_to_be_none()
    {
        Assert.StartsWith("error CML1200: this is no part of a run\n  --> x", Error("{}"u8.ToArray()), StringComparison.Ordinal);
        Assert.StartsWith("error CML1200: there is no part to merge", Error(Array.Empty<string>()), StringComparison.Ordinal);
        Assert.StartsWith($"error CML1200: '{_folder.Path}' holds no part",
            Assert.Throws<DiagnosticException>(() => PartFiles.Named([_folder.Path])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_is_told_at_once()
    {
        string copy = _folder.Write("copy.part", File.ReadAllBytes(Written(2, 5)));
        string[] parts = [Written(1, 5), Written(2, 5), copy, _folder.Write("no.part", "?")];
        string message = Error(parts);
        foreach (string code in (string[])["CML1200", "CML1203", "CML1204"]) Assert.Contains(code, message, StringComparison.Ordinal);
    }

    private static string Error(byte[] bytes) => Assert.Throws<DiagnosticException>(() => PartReader.Parse(bytes, "x")).Message;

    private static string Error(params string[] paths) => Assert.Throws<DiagnosticException>(() => PartSet.Open(paths)).Message;

    private static void Refused(string expected, params string[] paths) => Assert.Equal(expected, Error(paths));

    private string Written(int index, int of) =>
        _folder.Write($"{index}.part", Part.Write(Head(index, of), json => json.WriteNumber("x", 1)));

    private static PartHead Head(int index, int of) => new(PartKind.Calibration, "1.0.0", new(index, of), 9, ["calibrate", "net.onnx"],
        [PartFacts.OfText("model", "model"), PartFacts.OfText("data", "data")]);
}
