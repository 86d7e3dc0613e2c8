using System.Globalization;
using Xunit;

namespace CortexMl.Tests.Sharding;

/// <summary>Evaluations in parts are, byte by byte, those of one run.</summary>
public sealed class EvaluationPartsTests
{
    private const string Classifier = """
        graph @net(%data: f32[1, 6]) {
          @w: f32[5, 6] = random(7)
          %y = nn.dense(%data, @w)
          return %y
        }
        """;

    private const string Maps = """
        graph @net(%data: f32[1, 1, 4, 4]) {
          @w: f32[3, 1, 1, 1] = [1, -1, 0.25]
          @b: f32[3] = [-0.5, 0.5, 0]
          %y = nn.conv2d(%data, @w, @b) {kernel = [1, 1]}
          return %y
        }
        """;

    private const string Boxes = """
        graph @net(%data: f32[1, 12, 6]) {
          %y = nn.relu(%data)
          return %y
        }
        """;

    /// <summary>Metrics, with labels of classes (how many), lines of numbers, or none.</summary>
    public static TheoryData<string?, string, int, int> Cases => new()
    {
        { null, Classifier, 5, 0 },
        { null, Classifier, 0, 0 },
        { "top1", Classifier, 5, 0 },
        { "top5", Classifier, 5, 0 },
        { "agreement", Classifier, 0, 0 },
        { "agreement", Classifier, 5, 0 },
        { "db", Classifier, 0, 0 },
        { "cosine", Classifier, 0, 0 },
        { "verification", Classifier, 3, 0 },
        { "miou", Maps, 0, 0 },
        { "mae", Classifier, 0, 0 },
        { "mae", Classifier, 0, 5 },
        { "boxes", Boxes, 0, 0 },
    };

    [Fact]
    public void Every_metric_is_among_the_cases() => Assert.Equal(
        CortexMl.Evaluating.Metrics.MetricTable.Names.Order(),
        Cases.Select(c => c[0]).OfType<string>().Distinct().Order());

    [Theory]
    [MemberData(nameof(Cases))]
    public void Any_number_of_parts_in_any_order_is_one_run(string? metric, string text, int classes, int numbers)
    {
        var random = new Random((metric ?? "").Length + classes + 100 * numbers);
        int samples = random.Next(12, 45);
        using var network = new ShardedNetwork(text, samples, random, Labels(random, samples, classes, numbers), metric);
        var expected = network.AtOnce();
        Assert.Contains("\"count\": " + samples.ToString(CultureInfo.InvariantCulture), expected.Json);
        if (metric is not null) Assert.Matches("\"integer\",\\s+\"value\": [0-9]", expected.Json);
        foreach (int of in (int[])[1, random.Next(2, 8), random.Next(8, 51)])
        {
            string[] parts = [.. Enumerable.Range(1, of)
                .Select(i => network.Write(string.Create(CultureInfo.InvariantCulture, $"{of}/{i}.part"), network.Part(i, of)))];
            random.Shuffle(parts);
            var (json, notes) = network.Merged(parts);
            Assert.Equal(expected.Json, json);
            Assert.Equal(expected.Notes, notes);
        }
    }

    private static string? Labels(Random random, int samples, int classes, int numbers)
    {
        if (classes + numbers == 0) return null;
        var lines = Enumerable.Range(0, samples).Select(i => numbers == 0 ? Text(i < 2 ? 0 : random.Next(classes))
            : string.Join(',', Enumerable.Range(0, numbers).Select(_ => Text(random.NextDouble()))));
        return string.Concat(lines.Select(line => line + "\n"));

        static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);
    }
}
