using System.Text;
using CortexMl.Auditing;
using CortexMl.Diagnostics;
using CortexMl.Running;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Auditing;

/// <summary>A run that answers for every layer, and who is right where two parties disagree.</summary>
public sealed class AuditTests : IDisposable
{
    /// <summary>A constant operand, two operands that one layer reads, a layer of two results.</summary>
    private static readonly Model s_model = new("g", TextParser.ParseOne("""
        graph @g(%data: i8[1, 3, 4]) {
          @two: i3[1] = [2]
          %a = cvm.relu(%data)
          %b = cvm.broadcast_mul(%data, @two)
          %c = cvm.elemwise_add(%a, %b)
          %d = cvm.cvm_clip(%c) {precision = 8}
          %n, %rows = cvm.get_valid_counts(%d)
          %e = cvm.elemwise_sub(%rows, %a)
          %f = cvm.negative(%e)
          return %f, %n
        }
        """));

    private static readonly Tensor<int>[] s_inputs =
        [Tensor.Create(Shape.Of(1, 3, 4), [1, 5, -3, 7, 2, -9, 0, 4, 100, 90, -100, 3])];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_run_gives_the_same_bytes_which_read_back()
    {
        string json = Recorded().ToJson();
        Assert.Equal(json, Recorded().ToJson());
        var read = Transcript.Parse(json, "t.json");
        Assert.Equal((json, 8), (read.ToJson(), read.Layers.Count));
        Assert.Equal(["input", "relu", "broadcast_mul", "elemwise_add", "cvm_clip", "get_valid_counts", "elemwise_sub", "negative"],
            read.Layers.Select(layer => layer.Operation));
        Assert.Equal(2, read.Layers[5].Digests.Count);
    }

    [Fact]
    public void A_right_transcript_is_as_computed_again()
    {
        var report = Audit.Recompute(Recorded(), s_model, s_inputs);
        Assert.Equal((true, 8, 7, 0), (report.Agrees, report.Layers, report.Executed, report.Comparisons));
    }

    /// <summary>Whichever layer it is, one flipped value is found with at most 3 comparisons for 8 layers and one layer executed.</summary>
    [Fact]
    public void One_flipped_value_is_found_and_one_layer_executed()
    {
        using var values = Opened();
        var right = Recorded();
        for (int place = 1; place < right.Layers.Count; place++)
        {
            var wrong = Flipped(right, place);
            var report = Audit.Decide(right, wrong, s_model, values);
            var difference = report.Difference!;
            Assert.Equal((place, 1), (difference.Place, report.Executed));
            Assert.InRange(report.Comparisons, 1, 3);
            Assert.Equal((true, false), (difference.IsRight!.Value, difference.IsOtherRight!.Value));
            var turned = Audit.Decide(wrong, right, s_model, values).Difference!;
            Assert.Equal((false, true), (turned.IsRight!.Value, turned.IsOtherRight!.Value));
            Assert.Equal(place, Audit.Recompute(wrong, s_model, s_inputs).Difference!.Place);
        }
    }

    [Fact]
    public void Two_who_are_both_wrong_are_told_so()
    {
        var mine = Flipped(Recorded(), 3);
        using var values = Opened(of: mine);
        var difference = Audit.Decide(mine, Flipped(Recorded(), 3, bits: 2), s_model, values).Difference!;
        Assert.Equal((false, false), (difference.IsRight!.Value, difference.IsOtherRight!.Value));
    }

    [Fact]
    public void Another_model_and_another_input_are_refused()
    {
        var stranger = new Model("h", TextParser.ParseOne("graph @h(%data: i8[1, 3, 4]) {\n  %a = cvm.relu(%data)\n  return %a\n}"));
        Assert.Equal(LibraryCodes.TranscriptUnfit, Refusal(() => Audit.Recompute(Recorded(), stranger, s_inputs)).Code);
        Assert.Equal(LibraryCodes.TranscriptUnfit, Refusal(() => Audit.Compare(Recorded(), TranscriptRun.Record(stranger, s_inputs))).Code);
        Tensor<int>[] moved = [Tensor.Create(s_inputs[0].Shape, new int[12])];
        Assert.Contains("another input", Refusal(() => Audit.Recompute(Recorded(), s_model, moved)).Message, StringComparison.Ordinal);
        using var values = Opened();
        var other = TranscriptRun.Record(s_model, moved);
        Assert.Contains("different inputs",
            Refusal(() => Audit.Decide(Recorded(), other, s_model, values)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_digest_does_not_fit_the_root()
    {
        string json = Recorded().ToJson(), digest = Recorded().Layers[2].Digests[0];
        string changed = json.Replace(digest, string.Concat(digest.Reverse()), StringComparison.Ordinal);
        Assert.Equal(LibraryCodes.TranscriptRoot, Refusal(() => Transcript.Parse(changed, "t.json")).Code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    [InlineData("{\"format\": 2}")]
    [InlineData("{\"format\": 1, \"model\": \"00\", \"layers\": [], \"root\": \"00\"}")]
    [InlineData("{\"format\": 1, \"layers\": [null]}")]
    public void What_is_no_transcript_is_refused(string text) =>
        Assert.Equal(LibraryCodes.Transcript, Refusal(() => Transcript.Parse(text, "t.json")).Code);

    /// <summary>Any byte of the file: it is read as the same transcript, or refused with a code.</summary>
    [Fact]
    public void A_damaged_transcript_is_refused_or_the_same()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(Recorded().ToJson());
        var random = new Random(1);
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(7));
            try
            {
                Assert.Equal(Recorded().Root, Transcript.Parse(Encoding.UTF8.GetString(damaged), "t.json").Root);
            }
            catch (DiagnosticException error)
            {
                Assert.Contains(error.Diagnostics[0].Code, (string[])[LibraryCodes.Transcript, LibraryCodes.TranscriptRoot]);
            }
        }
    }

    [Theory]
    [InlineData("3.0", "the values of layer 3 ('c') are not those of the transcript")]
    [InlineData("3.proof", "the proof of layer 3 ('c') does not lead to the root of the transcript")]
    public void Tampered_values_and_proofs_are_refused(string key, string message)
    {
        using var values = Opened(tampered: key);
        var refusal = Refusal(() => Audit.Decide(Recorded(), Flipped(Recorded(), 4), s_model, values));
        Assert.Equal((LibraryCodes.Opening, message), (refusal.Code, refusal.Message));
    }

    [Fact]
    public void A_layer_that_the_file_does_not_hold_is_told()
    {
        using var values = Opened(without: "3.proof");
        Assert.Equal("layer 3 ('c') is not in the file", Refusal(() => values.Open(3, Recorded())).Message);
    }

    [Fact]
    public void Operands_are_all_that_has_to_be_opened()
    {
        using var values = Opened(without: "1.0");
        Assert.True(Audit.Decide(Recorded(), Flipped(Recorded(), 4), s_model, values).Difference!.IsRight);
    }

    private static Transcript Recorded() => TranscriptRun.Record(s_model, s_inputs);

    /// <summary>The transcript of one who claims another result of a layer, and whatever follows from it.</summary>
    private static Transcript Flipped(Transcript transcript, int place, byte bits = 1) => Transcript.Of(transcript.Model,
    [
        .. transcript.Layers.Select((layer, i) =>
            i < place ? layer : layer with { Digests = [.. layer.Digests.Select(digest => Turned(digest, bits))] }),
    ]);

    private static string Turned(string digest, byte bits)
    {
        byte[] bytes = Convert.FromHexString(digest);
        bytes[^1] ^= bits;
        return Convert.ToHexStringLower(bytes);
    }

    /// <param name="of">Whose proofs they are; null for those of the right run.</param>
    /// <param name="tampered">An array of which a bit is flipped.</param>
    /// <param name="without">An array that is left out.</param>
    private OpenedValues Opened(Transcript? of = null, string? tampered = null, string? without = null)
    {
        var run = TranscriptRun.RecordValues(s_model, s_inputs);
        using var whole = new MemoryStream();
        OpenedValues.Write(whole, run with { Transcript = of ?? run.Transcript });
        using var archive = new NpzReader(whole.ToArray(), "v.npz");
        string path = _folder["v.npz"];
        NpzWriter.Write(path, archive.Keys.Where(key => key != without).Select(key => (key, Read(key))));
        return new OpenedValues(path);

        Tensor Read(string key)
        {
            var tensor = archive.Read(key);
            if (key != tampered) return tensor;
            if (tensor is Tensor<int> numbers) numbers.Data[0] ^= 1;
            else ((Tensor<byte>)tensor).Data[0] ^= 1;
            return tensor;
        }
    }

    private static Diagnostic Refusal(Action action) => Assert.Throws<DiagnosticException>(action).Diagnostics[0];
}
