using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Xml;
using CortexMl.Diagnostics;
using CortexMl.Reports;

namespace CortexMl.Golden;

/// <summary>Results of golden files for machines: JSON, and the XML of JUnit that build servers read.</summary>
public static class GoldenReports
{
    private sealed record CaseReport(string File, int Line, string Title, bool Passed, bool Blessed, double Seconds, string Difference);

    private sealed record Report(int Passed, int Failed, IReadOnlyList<CaseReport> Cases)
    {
        /// <summary>The version of the form.</summary>
        [JsonPropertyOrder(-1)]
        public int Format { get; } = 1;
    }

    /// <summary>The JSON schema of <see cref="Json"/>.</summary>
    public static JsonNode Schema() => JsonText.SchemaOf<Report>();

    /// <summary>An object with <c>format</c>, <c>passed</c>, <c>failed</c> and a member of <c>cases</c> for each case.</summary>
    public static string Json(IReadOnlyList<GoldenResult> results) => JsonText.Write(new Report(
        results.Count(r => r.Passed), results.Count(r => !r.Passed),
        [.. results.Select(r => new CaseReport(
            File: r.Test.Path, Line: r.Test.Line, Title: r.Test.Title, Passed: r.Passed, Blessed: r.Blessed, Seconds: Seconds(r.Time),
            Difference: r.Difference))]));

    /// <summary>A suite for each file, a test case for each case.</summary>
    public static byte[] JUnit(IReadOnlyList<GoldenResult> results)
    {
        using var bytes = new MemoryStream();
        var settings = new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false) };
        using (var xml = XmlWriter.Create(bytes, settings))
        {
            xml.WriteStartElement("testsuites");
            Counts(xml, results);
            foreach (var file in results.GroupBy(r => r.Test.Path, StringComparer.Ordinal))
            {
                xml.WriteStartElement("testsuite");
                xml.WriteAttributeString("name", Shown(file.Key));
                Counts(xml, [.. file]);
                foreach (var result in file) Case(xml, result);
                xml.WriteEndElement();
            }
            xml.WriteEndElement();
        }
        return bytes.ToArray();
    }

    private static void Case(XmlWriter xml, GoldenResult result)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", Shown(result.Test.Path));
        string name = result.Test.Title.Length > 0 ? result.Test.Title : $"line {Numerics.Numbers.Format(result.Test.Line)}";
        xml.WriteAttributeString("name", Shown(name));
        xml.WriteAttributeString("time", Text(result.Time));
        if (!result.Passed)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("message", "the output is not what the file says");
            xml.WriteString(Shown(result.ToString()));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void Counts(XmlWriter xml, IReadOnlyList<GoldenResult> results)
    {
        xml.WriteAttributeString("tests", Numerics.Numbers.Format(results.Count));
        xml.WriteAttributeString("failures", Numerics.Numbers.Format(results.Count(r => !r.Passed)));
        xml.WriteAttributeString("time", Text(TimeSpan.FromTicks(results.Sum(r => r.Time.Ticks))));
    }

    /// <summary>XML cannot hold most control characters, escaped or not.</summary>
    private static string Shown(string text) => Printable.Lines(text);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 4);

    private static string Text(TimeSpan time) => Seconds(time).ToString(CultureInfo.InvariantCulture);
}
