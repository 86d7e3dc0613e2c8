using System.Text;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Searching;
using CortexMl.Sharding;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Searching;

/// <summary>Files of plans and results: what is written is read, and nothing else.</summary>
public sealed class JobFormTests
{
    private static readonly PartHead s_head = new(
        PartKind.Plan, "1.2.3", new(1, 2), 40, ["compile"], [new("model", "net", new string('a', 64))]);

    private static readonly JobPlan s_plan = new("plan", s_head, 3,
    [
        new(new("choices-0", 80, 0, null), 1), new(new("choices-10", 80, 10, "choices-0"), 2), new(new("decibels-1", 45.5, null, null), 2),
    ]);

    [Fact]
    public void A_plan_is_read_as_it_was_written()
    {
        var read = JobPlan.Parse("plan", s_plan.ToBytes());
        Assert.Equal(s_plan.Trials, read.Trials);
        Assert.Equal((3, 2, 2), (read.AtOnce, read.Round, read.Head.Shard.Of));
        Assert.Equal(s_plan.ToBytes(), read.ToBytes());
    }

    [Theory]
    [InlineData("choices-0.1-of-2", "choices-0", 1)]
    [InlineData("choices-10.2-of-2", "choices-10", 2)]
    public void Jobs_have_names(string name, string trial, int shard)
    {
        var job = s_plan.Find(name);
        Assert.Equal((trial, shard, name), (job.Trial.Name, job.Shard.Index, job.Name));
        Assert.Equal(Path.Combine("plan", "results", name + ".part"), s_plan.PathOf(job));
    }

    [Theory]
    [InlineData("choices-0")]
    [InlineData("choices-0.3-of-2")]
    [InlineData("choices-5.1-of-2")]
    [InlineData("../choices-0.1-of-2")]
    public void Others_are_none(string name) =>
        Assert.Equal("CML1224", Assert.Throws<DiagnosticException>(() => s_plan.Find(name)).Diagnostics[0].Code);

    [Fact]
    public void A_record_is_read_to_the_last_bit()
    {
        var record = new TrialRecord(new("choices-3", 80, 3, "choices-0"), 46.73000000000001, long.MaxValue, 17)
        {
            Expected = new(double.MaxValue, true, 10), Calibration = "{\n \"ü\": 1}", Drawn = [5, 0, 3],
        };
        using var document = Written(record);
        Assert.Null(TrialForm.ReadRecord(document.RootElement).DifferenceFrom(record));
        var bare = new TrialRecord(new("decibels-1", 45, null, null), null, 0, 0);
        using var other = Written(bare);
        Assert.Null(TrialForm.ReadRecord(other.RootElement).DifferenceFrom(bare));
    }

    [Theory]
    [InlineData("\"gas\":5", "\"gas\":-5")]
    [InlineData("\"drawn\":[5,3]", "\"drawn\":[5,5]")]
    [InlineData("choices-3", "choices-03")]
    [InlineData("choices-3", "../choices-3")]
    [InlineData("\"choices\":3", "\"choices\":1e9")]
    [InlineData("\"decibels\":80", "\"decibels\":-1")]
    public void A_record_that_no_job_writes_is_refused(string said, string instead)
    {
        var record = new TrialRecord(new("choices-3", 80, 3, "choices-0"), 46.5, 5, 17) { Drawn = [5, 3] };
        using var document = Written(record);
        string text = document.RootElement.GetRawText();
        Assert.Contains(said, text, StringComparison.Ordinal);
        using var changed = JsonDocument.Parse(text.Replace(said, instead, StringComparison.Ordinal));
        Assert.Throws<FormatException>(() => TrialForm.ReadRecord(changed.RootElement));
    }

    /// <summary>Contents with bytes changed, taken out and doubled, sealed as if they had been written so.</summary>
    [Fact]
    public void Broken_contents_are_refused_or_read()
    {
        var random = new Random(7);
        using var record = Written(new TrialRecord(new("choices-3", 80, 3, "choices-0"), 46.5, 5, 17)
        {
            Expected = new(1, true, 10), Calibration = "{}", Drawn = [5, 3],
        });
        string trial = record.RootElement.GetRawText(), plan = PartReader.Parse(s_plan.ToBytes(), "plan").Content.GetRawText();
        int read = 0, refused = 0;
        for (int i = 0; i < 6000; i++)
        {
            JsonDocument document;
            byte[] bytes;
            try
            {
                document = JsonDocument.Parse(Broken(i % 2 == 0 ? trial : plan, random));
                bytes = Part.Write(s_head, json =>
                {
                    foreach (var member in document.RootElement.EnumerateObject()) member.WriteTo(json);
                });
            }
            catch (Exception error) when (error is JsonException or InvalidOperationException)
            {
                continue;
            }
            try
            {
                if (i % 2 == 0) TrialForm.ReadRecord(document.RootElement);
                else JobPlan.Parse("plan", bytes);
                read++;
            }
            catch (Exception error) when (error is DiagnosticException || (i % 2 == 0
                && error is FormatException or InvalidOperationException or KeyNotFoundException))
            {
                refused++;
            }
            document.Dispose();
        }
        Assert.True(read > 50 && refused > 50, $"{read} {refused}");
    }

    [Theory]
    [InlineData("plan", "plan")]
    [InlineData("../my_plan-1.2/a", "../my_plan-1.2/a")]
    [InlineData("my plan", "'my plan'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("$(x)", "'$(x)'")]
    [InlineData("a\\b", "'a\\b'")]
    [InlineData("pläne", "'pläne'")]
    public void Words_are_quoted_for_a_shell(string word, string quoted) => Assert.Equal(quoted, JobLines.Quoted(word));

    [SkippableFact]
    public void A_shell_and_xargs_read_the_same_word()
    {
        string word = "a 'b' \"c\" \\d $e `f` *?";
        Assert.Equal(word, CliProcess.Shell($"printf %s {JobLines.Quoted(word)}").Output);
        var xargs = CliProcess.Shell($"cat <<'END' | xargs -L 1 printf %s\n{JobLines.Quoted(word)}\nEND");
        Skip.If(xargs.Exit == 127, "needs xargs");
        Assert.Equal(word, xargs.Output);
    }

    private static string Broken(string text, Random random)
    {
        var broken = new StringBuilder(text);
        for (int changes = 1 + (int)(3 * random.NextDouble()); changes > 0; changes--)
        {
            int at = (int)(broken.Length * random.NextDouble()), length = Math.Min(1 + (int)(6 * random.NextDouble()), broken.Length - at);
            switch ((int)(4 * random.NextDouble()))
            {
                case 0: broken[at] = "0123456789-\"{}[]:,etrufalsn."[(int)(28 * random.NextDouble())]; break;
                case 1: broken.Remove(at, length); break;
                case 2: broken.Insert(at, broken.ToString(at, length)); break;
                default: broken.Insert(at, (char)('0' + (int)(10 * random.NextDouble()))); break;
            }
        }
        return broken.ToString();
    }

    private static JsonDocument Written(TrialRecord record)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            TrialForm.Write(json, record);
            json.WriteEndObject();
        }
        return JsonDocument.Parse(bytes.ToArray());
    }
}
