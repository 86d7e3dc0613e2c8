using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate.Methods;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>What of a scheme fits a network, and what becomes of it.</summary>
public class ApplySchemeTests
{
    [Theory]
    [InlineData("""{"value": "y", "channels": [1, 0.5], "within": 1}""", """{"layer": "y", "weights": 15}""", null)]
    [InlineData("""{"value": "x", "centred": true}""", "", null)]
    [InlineData("""{"value": "yy", "within": 1}""", "", "value 'yy': the network has none")]
    [InlineData("""{"value": "y", "channels": [1, 1, 1], "within": 1}""", "", "the scheme gives %y 3 channels, it has 2")]
    [InlineData("""{"value": "v", "channels": [1, 1, 1], "within": 1}""", "", "the scheme gives %v 3 channels, it has 0")]
    [InlineData("""{"value": "y", "centred": true}""", "", "the scheme centres %y, which is no input")]
    [InlineData("", """{"layer": "yy"}""", "layer 'yy': the network has none")]
    [InlineData("", """{"layer": "r"}""", "layer 'r', which is no product of two values, and no convolution or dense layer with constant weights")]
    [InlineData("", """{"layer": "k"}""", "layer 'k', which is no product of two values, and no convolution or dense layer with constant weights")]
    [InlineData("", """{"layer": "far"}""", null)]
    [InlineData("", """{"layer": "far", "weights": 15}""", "layer %far has too many terms to see 15 bits")]
    [InlineData("", """{"layer": "far", "data": 15}""", "layer %far has too many terms to see 15 bits")]
    public void A_scheme_is_of_its_network(string values, string layers, string? told)
    {
        var graph = Network();
        string text = $$"""{"format": 1, "model": "{{GraphDigest.OfNamed(graph)}}", "values": [{{values}}], "layers": [{{layers}}]}""";
        var error = Record.Exception(() => Apply(graph, new SchemeReader("s").Read(text)));
        if (told is null) Assert.Null(error);
        else Assert.Contains(told, Assert.IsType<DiagnosticException>(error).Message, StringComparison.Ordinal);
    }

    /// <summary>A line that was written says which method chose its threshold, and is no wish to choose again.</summary>
    [Theory]
    [InlineData(null, true)]
    [InlineData(2.0, false)]
    public void A_method_chooses_where_there_is_no_threshold(double? within, bool expected)
    {
        var graph = Network();
        var services = Apply(graph, new SchemeFile(
            GraphDigest.OfNamed(graph), new SchemeSettings(), [new ValueDecision("r", within) { Method = "absmax" }], []));
        var relu = graph.Operations.Single(o => o.Result.Name == "r").Result;
        Assert.Equal(expected, services.Given.Get<GivenMethods>()?[relu] is not null);
    }

    private static PassServices Apply(Graph graph, SchemeFile scheme)
    {
        var services = new PassServices();
        services.Given.Set(new GivenScheme("s", scheme));
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("apply-scheme"), services);
        return services;
    }

    private static Graph Network() => TextParser.ParseOne("""
        graph @g(%x: f32[1, 3], %v: f32[3], %long: f32[1, 40000]) {
          @w: f32[2, 3] = random(1)
          @f: f32[1, 40000] = random(2)
          %y = nn.dense(%x, @w)
          %r = nn.relu(%y)
          %e = nn.exp(@w)
          %k = nn.dense(%x, %e)
          %n = nn.neg(%v)
          %far = nn.dense(%long, @f)
          return %r, %k, %n, %far
        }
        """);
}
