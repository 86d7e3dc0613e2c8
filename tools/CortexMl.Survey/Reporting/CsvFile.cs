using System.Globalization;
using System.Text;
using CortexMl.Files;
using CortexMl.Numerics;
using CortexMl.Survey.Networks;

namespace CortexMl.Survey.Reporting;

/// <summary>
/// Rows as comma-separated values (RFC 4180, but lines end in LF): the same survey gives the same bytes, but for the last two columns.
/// </summary>
public static class CsvFile
{
    private const string Exact = "exact";

    /// <summary>Surveys from before there were metrics have no such columns.</summary>
    private static readonly string[] s_newer = ["metric", "metric_value"];

    private static readonly string[] s_columns =
    [
        "set", "network", "variant", "data", "operators", "samples", "float_top1", "integer_top1", "lost", "won", "mcnemar_p", "agreement",
        "metric", "metric_value", "worst_db", "outputs", "outputs_db", "gas", "params_bytes", "refused", "failed", "seconds", "peak_mb",
    ];

    /// <exception cref="Diagnostics.DiagnosticException">CML0103: it cannot be written.</exception>
    public static void Write(string path, IEnumerable<NetworkRow> rows) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Text(rows))));

    public static string Text(IEnumerable<NetworkRow> rows) =>
        string.Concat(new[] { s_columns }.Concat(rows.Select(Cells)).Select(cells => string.Join(',', cells.Select(Quoted)) + "\n"));

    /// <summary>Rows that <see cref="Text"/> wrote; the noisiest values are not among what it keeps.</summary>
    /// <exception cref="FormatException">It is no such text; the message says where.</exception>
    public static IReadOnlyList<NetworkRow> Read(string text)
    {
        var lines = Parse(text);
        string[] columns = lines.Count > 0 && lines[0].SequenceEqual(s_columns.Except(s_newer)) ? [.. lines[0]] : s_columns;
        if (lines.Count == 0 || !lines[0].SequenceEqual(columns)) throw new FormatException("line 1 is not the header of a survey");
        return [.. lines.Skip(1).Select((cells, i) => Row(columns, cells, i + 2))];
    }

    /// <summary>A cell with a comma, a quote or a line break stands in quotes; quotes in it are doubled.</summary>
    public static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Lines of cells.</summary>
    /// <exception cref="FormatException">A quote is not closed.</exception>
    public static IReadOnlyList<IReadOnlyList<string>> Parse(string text)
    {
        var (lines, cells, cell, isQuoted) = (new List<IReadOnlyList<string>>(), new List<string>(), new StringBuilder(), false);
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (isQuoted && c == '"' && i + 1 < text.Length && text[i + 1] == '"') cell.Append(text[++i]);
            else if (c == '"') isQuoted = !isQuoted;
            else if (isQuoted) cell.Append(c);
            else if (c == ',') EndCell();
            else if (c == '\n') EndLine();
            else if (c != '\r') cell.Append(c);
        }
        if (isQuoted) throw new FormatException("a quote is not closed");
        if (cell.Length > 0 || cells.Count > 0) EndLine();
        return lines;

        void EndCell()
        {
            cells.Add(cell.ToString());
            cell.Clear();
        }

        void EndLine()
        {
            EndCell();
            lines.Add([.. cells]);
            cells.Clear();
        }
    }

    private static string[] Cells(NetworkRow row) =>
    [
        row.Set, row.Network, row.Variant, row.Data, Count(row.Operators), Count(row.Samples), Share(row.Classes?.Float),
        Share(row.Classes?.Integer), Count(row.Classes?.Worse), Count(row.Classes?.Better), Share(row.Classes?.P), Share(row.Agreement),
        row.Metric, Share(row.MetricValue),
        !row.IsMeasured ? "" : row.Worst is { } worst ? Numbers.Format(worst) : Exact,
        string.Join(' ', row.Outputs.Select(o => o.Name)),
        string.Join(' ', row.Outputs.Select(o => o.Noise is { } dB ? Numbers.Format(dB) : Exact)),
        Count(row.Gas), Count(row.ParamsBytes), row.Refused ?? "", row.Failed ?? "",
        Numbers.Format(row.Seconds), Count(row.PeakBytes >> 20),
    ];

    private static string Count(long? number) => number is { } n ? Numbers.Format(n) : "";

    private static string Share(double? share) => share is { } s ? Numbers.Format(Math.Round(s, 6)) : "";

    private static NetworkRow Row(string[] columns, IReadOnlyList<string> cells, int line)
    {
        if (cells.Count != columns.Length)
            throw new FormatException($"line {Numbers.Format(line)} has {Numbers.Format(cells.Count)} of {columns.Length} cells");
        var of = columns.Zip(cells).ToDictionary(c => c.First, c => c.Second, StringComparer.Ordinal);
        return new(of["set"], of["network"], of["variant"])
        {
            Data = of["data"], Operators = (int)Number("operators"), Samples = (int)Number("samples"), Agreement = Maybe("agreement"),
            Classes = of["float_top1"].Length == 0 ? null
                : new(Number("float_top1"), Number("integer_top1"), (int)Number("lost"), (int)Number("won"), Number("mcnemar_p")),
            Metric = of.GetValueOrDefault("metric", ""), MetricValue = of.GetValueOrDefault("metric_value", "").Length == 0 ? null
                : Number("metric_value"),
            Outputs = [.. of["outputs_db"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Output)],
            Gas = (long)Number("gas"), ParamsBytes = (long)Number("params_bytes"), Seconds = Number("seconds"),
            PeakBytes = (long)Number("peak_mb") << 20,
            Refused = Text("refused"), Failed = Text("failed"),
        };

        OutputNoise Output(string text) => new("", text == Exact ? null : Read(text));

        string? Text(string column) => of[column] is { Length: > 0 } text ? text : null;

        double Number(string column) => Read(of[column]);

        double? Maybe(string column) => of[column].Length == 0 ? null : Number(column);

        double Read(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number
            : throw new FormatException($"line {Numbers.Format(line)}: '{text}' is no number");
    }
}
