using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Every attribute of every operator with values that nobody would write: a graph that ONNX Runtime runs or a diagnostic that
/// names the node, and nothing else.</summary>
public class OddAttributeTests
{
    private const int MostInputs = 5;

    private static readonly string[] s_values =
    [
        "", "None", "()", "(0,)", "(0, 0)", "(-1, -1)", "(1, 2, 3, 4, 5, 6, 7)", "(2147483647, 2147483647)", "(None, 1)", "99999999999",
        "-2147483648", "2147483647", "0", "-7", "1e30", "nan", "True", "max", "x",
    ];

    private static readonly int[][] s_shapes = [[1, 2, 4, 4], [1, 2, 4], [2, 3], [1], [4, 4]];

    public static TheoryData<string> Operators => [.. MxNetOps.Rows.Where(r => r.Refusal is null).Select(r => r.Names[0])];

    [Theory]
    [MemberData(nameof(Operators))]
    public void Odd_values_are_taken_or_told(string op)
    {
        var row = MxNetOps.Find(op)!;
        foreach (int[] shape in s_shapes)
            foreach (var attribute in row.Attributes)
                foreach (string value in s_values) Try(row, shape, attribute.Name, value);
    }

    private static void Try(MxNetOp row, int[] shape, string attribute, string value)
    {
        int data = row.IsVariadic ? 2 : row.Data.Count, inputs = Math.Min(MostInputs, data + row.Parameters.Count);
        string nodes = string.Concat(Enumerable.Range(0, inputs).Select(i => $$"""{"op": "null", "name": "x{{i}}", "inputs": []}, """));
        string others =
            string.Concat(row.Attributes.Where(a => a.Default is null && a.Name != attribute).Select(a => $"\"{a.Name}\": \"2\", "));
        string edges = string.Join(", ", Enumerable.Range(0, inputs).Select(i => $"[{i}, 0]"));
        byte[] symbol = SymbolText.Bytes($$"""{"nodes": [{{nodes}}{"op": "{{row.Names[0]}}", "name": "y", "attrs": { {{others}}"{{attribute}}": "{{value}}" }, "inputs": [{{edges}}]}], "heads": [[{{inputs}}, 0]]}""");
        var options = new ImportOptions
        {
            RandomParamsSeed = 1, MaxMemory = 1 << 20,
            InputShapes = Enumerable.Range(0, data).ToDictionary(i => $"x{i}", _ => Shape.Of(shape)),
        };
        try
        {
            FloatRuns.Check(MxNetImporter.Import(SymbolReader.Read(symbol, "x-symbol.json"), null, options));
        }
        catch (DiagnosticException error)
        {
            Assert.All(error.Diagnostics, d => Assert.StartsWith("CML0", d.Code, StringComparison.Ordinal));
        }
    }
}
