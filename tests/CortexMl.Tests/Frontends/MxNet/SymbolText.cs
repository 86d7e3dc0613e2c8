using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Short ways to write symbols and to import them.</summary>
internal static class SymbolText
{
    public static byte[] Bytes(string json) => Encoding.UTF8.GetBytes(json);

    /// <summary>One operator on an input called data, and on further variables.</summary>
    /// <param name="attributes">As JSON: <c>"kernel": "(2, 2)"</c>.</param>
    public static byte[] OneOperator(string op, string attributes, params string[] variables)
    {
        string[] all = ["data", .. variables];
        string nodes = string.Concat(all.Select(v => $$"""{"op": "null", "name": "{{v}}", "inputs": [] }, """));
        string inputs = string.Join(", ", all.Select((_, i) => $"[{i}, 0, 0]"));
        return Bytes($$"""
            {"nodes": [{{nodes}}{"op": "{{op}}", "name": "y", "attrs": { {{attributes}} }, "inputs": [{{inputs}}] } ],
             "arg_nodes": [0], "heads": [[{{all.Length}}, 0, 0]], "attrs": {"mxnet_version": ["int", 10600] } }
            """);
    }

    public static Graph Import(byte[] symbol, byte[]? parameters, params (string Name, int[] Shape)[] inputs) =>
        Import(symbol, parameters, null, inputs);

    public static Graph Import(byte[] symbol, byte[]? parameters, DiagnosticBag? notes, params (string Name, int[] Shape)[] inputs)
    {
        var shapes = inputs.ToDictionary(i => i.Name, i => Shape.Of(i.Shape));
        var graph = MxNetImporter.Import(SymbolReader.Read(symbol, "x-symbol.json"), parameters is null ? null
            : MxNetParamsReader.Read(parameters, "x.params"),
            new ImportOptions { InputShapes = shapes }, notes);
        Verifier.Check(graph).ThrowIfErrors();
        return graph;
    }

    public static IReadOnlyList<Diagnostic> Fails(Func<object> action) => Xunit.Assert.Throws<DiagnosticException>(action).Diagnostics;
}
