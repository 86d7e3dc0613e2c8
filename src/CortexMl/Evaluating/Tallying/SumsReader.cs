using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using CortexMl.Data;
using CortexMl.Data.Observing;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Sharding;

namespace CortexMl.Evaluating.Tallying;

/// <summary>Reads what <see cref="SumsWriter"/> wrote, strictly: sums that no samples add up to are refused.</summary>
/// <param name="file">What messages call the part.</param>
internal sealed class SumsReader(string file)
{
    /// <param name="content">An object.</param>
    /// <param name="sums">Empty, of the models and the metric that are expected; gets what the content says.</param>
    /// <param name="first">Index in the data of the first sample.</param>
    /// <param name="count">How many samples there must be.</param>
    /// <exception cref="DiagnosticException">CML1210, CML1211, CML1212.</exception>
    public void Read(JsonElement content, EvaluationSums sums, int first, int count) => Strictly(() =>
        {
            Models(content.GetProperty("models"), sums);
            Counts(content, sums, count);
            Pairs(content.GetProperty("pairs"), sums);
            CutOff(content.GetProperty("cutOff"), sums);
            bool has = content.TryGetProperty("metric", out var metric);
            if (sums.Metric is { } expected)
                Metric(has ? metric : throw OtherMetric("none", expected), expected, sums, (first, count));
            else if (has) throw OtherMetric(Text(metric, "name"), null);
            return true;
        });

    /// <summary>What samples looked like so far, of each model, and now those of a part.</summary>
    /// <exception cref="DiagnosticException">CML1210.</exception>
    public List<IReadOnlyList<InputFacts>> Observed(JsonElement content, IReadOnlyList<IReadOnlyList<InputFacts>> before, int count) =>
        Strictly(() =>
        {
            var seen = ObservedData.Read(content, count);
            Check(seen.Count == before.Count, "it does not say of each model what its data look like");
            return before.Zip(seen, ObservedData.Joined).ToList();
        });

    private T Strictly<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw Unsound(error.Message);
        }
        catch (DiagnosticException error) when (error.Diagnostics[0].Code == DataCodes.Malformed)
        {
            throw Unsound(error.Diagnostics[0].Message);
        }
    }

    private void Models(JsonElement models, EvaluationSums sums)
    {
        if (models.GetArrayLength() != sums.Models.Count)
            throw OtherModels(string.Create(CultureInfo.InvariantCulture,
                $"it is of {Counted.Of(models.GetArrayLength(), "model")}, merged are {sums.Models.Count}"));
        foreach (var (k, model) in models.EnumerateArray().Index())
        {
            var (name, level, classes) = sums.Models[k];
            string its = Said(Text(model, "level"));
            int has = model.GetProperty("classes").GetInt32();
            if (its != level || has != classes)
                throw OtherModels(string.Create(CultureInfo.InvariantCulture,
                    $"model {k + 1} is {its} with {Counted.Of(has, "number")} in its first output; '{name}' is {level} with {classes}"));
            sums.Engines[k].Add(Text(model, "engine"));
        }
        sums.Name(models.EnumerateArray().Select(model => Text(model, "name")));
    }

    private void Counts(JsonElement content, EvaluationSums sums, int count)
    {
        Check(content.GetProperty("count").GetInt32() == count, $"it counts other samples than the {count} of its shard");
        sums.Count = count;
        sums.Unlabelled = AtMost(content.GetProperty("unlabelled"), count, "unlabelled");
        sums.Agreeing = AtMost(content.GetProperty("agreeing"), sums.RanksClasses ? count : 0, "agreeing");
        Check(!sums.RanksClasses || sums.Models.Count > 1 || sums.Agreeing == count, "one model does not disagree with itself");
        var top5 = content.GetProperty("top5");
        Check(top5.GetArrayLength() == sums.Models.Count, "it holds no top-5 of each model");
        foreach (var (k, hits) in top5.EnumerateArray().Index())
            sums.Top5[k] = AtMost(hits, sums.RanksClasses ? count - sums.Unlabelled : 0, "top5");
    }

    private void Pairs(JsonElement pairs, EvaluationSums sums)
    {
        var before = (-1, -1);
        int classes = sums.Models.Max(m => m.Classes);
        long[] all = new long[sums.Models.Count];
        foreach (var pair in pairs.EnumerateArray())
        {
            int[] row = [.. pair.EnumerateArray().Select(n => n.GetInt32())];
            Check(row.Length == 2 + all.Length && row[0] >= 0 && row[1] >= 0 && row[1] < classes, "a pair of classes is none");
            var key = (row[0], row[1]);
            Check(key.CompareTo(before) > 0, "its pairs of classes are not in their order");
            int[] counts = row[2..];
            Check(counts.All(n => n >= 0) && counts.Any(n => n > 0), "a pair of classes has no count");
            sums.Pairs.Add(before = key, counts);
            for (int k = 0; k < all.Length; k++) all[k] += counts[k];
        }
        int labelled = sums.RanksClasses ? sums.Count - sums.Unlabelled : 0;
        Check(all.All(n => n == labelled), $"its pairs of classes are not those of {Counted.Of(labelled, "sample")} with a label");
        for (int k = 0; k < all.Length; k++)
            Check(sums.Right(k) <= sums.Top5[k], "the best class is among the best five, and is counted more often");
    }

    private void CutOff(JsonElement models, EvaluationSums sums)
    {
        Check(models.GetArrayLength() == sums.Models.Count, "it does not say of each model what was cut off");
        foreach (var (k, inputs) in models.EnumerateArray().Index())
            sums.CutOff[k] = [.. inputs.EnumerateArray().Select(CutOff)];
    }

    private InputCutOff CutOff(JsonElement input)
    {
        long elements = AtMost(input.GetProperty("elements"), long.MaxValue, "elements");
        return new(Text(input, "input"), elements, AtMost(input.GetProperty("beyond"), elements, "beyond"));
    }

    private void Metric(JsonElement metric, SummedMetric expected, EvaluationSums sums, (int First, int Count) samples)
    {
        string name = Text(metric, "name");
        if (name != expected.Metric.Name || metric.GetProperty("isOfLabels").GetBoolean() != expected.IsOfLabels)
            throw OtherMetric(name, expected);
        var all = metric.GetProperty("sums");
        Check(all.GetArrayLength() == sums.Models.Count, "it does not measure each model");
        foreach (var (k, of) in all.EnumerateArray().Index())
        {
            Sums(of, expected.Sums[k], sums.Models[k].Classes, samples, expected.Metric.Truth == MetricTruth.Identities);
            Check(expected.Metric.CanBe(expected.Sums[k], samples.Count),
                $"its {name} is not that of {Counted.Of(samples.Count, "sample")}");
        }
    }

    private void Sums(JsonElement from, MetricSums to, int numbers, (int First, int Count) samples, bool keeps)
    {
        JsonElement counts = from.GetProperty("counts"), exact = from.GetProperty("exact");
        Check(counts.GetArrayLength() == to.Counts.Length && exact.GetArrayLength() == to.Exact.Count, "its metric is of another model");
        foreach (var (i, count) in counts.EnumerateArray().Index()) to.Counts[i] = AtMost(count, long.MaxValue, "counts");
        foreach (var (i, sum) in exact.EnumerateArray().Index())
            to.Exact[i].Add(ExactSum.Parse(sum.GetString() ?? "") ?? throw Unsound("an exact sum is no hexadecimal number"));
        double largest = Bits(from.GetProperty("largest"));
        Check(!(largest < 0), "the largest magnitude is below 0");
        to.Seen(Bits(from.GetProperty("least")), largest);
        int before = samples.First - 1, end = Math.Min(samples.First + samples.Count, VerificationTally.MostSamples);
        foreach (var embedding in from.GetProperty("embeddings").EnumerateArray())
        {
            int index = embedding.GetProperty("index").GetInt32(), label = embedding.GetProperty("label").GetInt32();
            byte[] bytes = embedding.GetProperty("numbers").GetBytesFromBase64();
            Check(index == ++before && index < end && bytes.Length == (long)numbers * sizeof(float), "an embedding is none of its samples");
            to.Embeddings.Add(index, new(label, Floats(bytes)));
        }
        Check(to.Embeddings.Count == (keeps ? Math.Max(0, end - samples.First) : 0), "it holds embeddings of other samples");
    }

    private static float[] Floats(byte[] bytes) => [.. Enumerable.Range(0, bytes.Length / sizeof(float))
        .Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(i * sizeof(float))))];

    private double Bits(JsonElement text)
    {
        string digits = text.GetString() ?? "";
        Check(digits.Length == 16 && digits.All(char.IsAsciiHexDigitLower), "a number is no 16 hexadecimal digits");
        return BitConverter.UInt64BitsToDouble(ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    private int AtMost(JsonElement count, int most, string name) => (int)AtMost(count, (long)most, name);

    private long AtMost(JsonElement count, long most, string name)
    {
        long number = count.GetInt64();
        return number >= 0 && number <= most ? number
            : throw Unsound(string.Create(CultureInfo.InvariantCulture, $"'{name}' is {number}; it is from 0 to {most}"));
    }

    private void Check(bool isTrue, FormattableString what)
    {
        if (!isTrue) throw Unsound(what.ToString(CultureInfo.InvariantCulture));
    }

    private void Check(bool isTrue, string what)
    {
        if (!isTrue) throw Unsound(what);
    }

    private static string Text(JsonElement element, string member) =>
        element.GetProperty(member).GetString() ?? throw new FormatException($"'{member}' is no text");

    private static string Said(string text) => Printable.Escape(text);

    private DiagnosticException Unsound(string what) => new(EvaluationCodes.Unsound,
        $"the sums of the part cannot be: {what}", new SourceLocation(file), "compute the shard again");

    private DiagnosticException OtherModels(string what) => new(EvaluationCodes.Models,
        $"the part is of other models: {what}", new SourceLocation(file), "name the models of the parts: --model MODEL, each in its order");

    private DiagnosticException OtherMetric(string name, SummedMetric? expected) => new(EvaluationCodes.Metric,
        $"the part measures '{Said(name)}', its call asks for {(expected is null ? "no metric" : $"'{expected.Metric.Name}'")}",
        new SourceLocation(file), "compute the shard again with the command line of the others");
}
