using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using Xunit;
using Xunit.Abstractions;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>
/// Well-known networks without weights: each imports with made-up parameters, or is refused with everything that is missing.
/// </summary>
public class SymbolsOnlyTests(ITestOutputHelper output)
{
    /// <summary>Refused, with the operators that stand in the list.</summary>
    private static readonly Dictionary<string, string[]> Refused = new()
    {
        ["cifar10_quantize_vgg16"] = ["Custom"],
        ["djl-mask_rcnn_resnet18_v1b_coco"] =
            ["_contrib_ROIAlign", "gather_nd"],
        ["djl-static_bert_qa"] = ["SequenceMask"],
        ["lstm_ptb"] = ["RNN"],
    };

    [SkippableFact]
    public void Every_network_imports_or_lists_what_is_missing()
    {
        foreach (string path in Samples.Files("*-symbol.json").Where(p => p.Contains("symbols-only", StringComparison.Ordinal)))
        {
            string name = ModelFiles.BaseName(Path.GetFileName(path));
            string[] missing = Missing(path);
            output.WriteLine($"{name}: {(missing.Length == 0 ? "imports" : $"refused: {string.Join(", ", missing)}")}");
            Assert.Equal(Refused.GetValueOrDefault(name, []), missing);
        }
    }

    [Theory]
    [InlineData("FullyConnected", "\"num_hidden\": \"2\", \"no_bias\": \"True\"", "1,784")]
    [InlineData("Convolution", "\"num_filter\": \"2\", \"kernel\": \"(3, 3)\", \"no_bias\": \"True\"", "1,3,224,224")]
    public void The_shape_of_an_input_is_assumed_where_the_weights_are_made_up_too(string op, string attributes, string shape)
    {
        var symbol = SymbolReader.Read(SymbolText.OneOperator(op, attributes, "w"), "x-symbol.json");
        var notes = new DiagnosticBag();
        var graph = MxNetImporter.Import(symbol, null, new ImportOptions { RandomParamsSeed = 1 }, notes);
        Assert.Equal(shape, string.Join(',', graph.Inputs[0].Type.Shape));
        var warning = notes.Items.Single(n => n.Code == FrontendCodes.AssumedShape);
        Assert.Equal($"the shape of input 'data' is not known; {shape} is taken, since the parameters are made up too", warning.Message);
    }

    /// <summary>Operators of the refusal, each of them with a reason; none where the network imports.</summary>
    private static string[] Missing(string path)
    {
        try
        {
            Verifier.Check(MxNetImporter.Import(path, null, new ImportOptions { RandomParamsSeed = 1 })).ThrowIfErrors();
            return [];
        }
        catch (DiagnosticException error)
        {
            var found = Assert.Single(error.Diagnostics);
            Assert.Equal(FrontendCodes.UnsupportedOperators, found.Code);
            var lines = found.Details;
            Assert.DoesNotContain(lines, l => l.EndsWith("not in the table", StringComparison.Ordinal));
            return [.. lines.Select(l => l.Trim().Split(':')[0])];
        }
    }
}
