using System.Text.Encodings.Web;
using System.Text.Json.Nodes;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary><c>print --format onnx-integer</c>.</summary>
public sealed class ExactPrintTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void A_compiled_folder_becomes_a_model_with_the_networks_names()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string file = _tiny.Folder["exact.onnx"];
        Assert.Equal(0, CliRun.Of("print", _tiny.Out, "--format", "onnx-integer", "-o", file).Exit);
        var graph = ModelProto.Parser.ParseFrom(File.ReadAllBytes(file)).Graph;
        Assert.Equal(("data", "fc"), (Assert.Single(graph.Input).Name, Assert.Single(graph.Output).Name));
        Assert.Equal(File.ReadAllBytes(file), CliRun.Of("print", _tiny.Out, "--format", "onnx-integer").Bytes);
    }

    [Fact]
    public void The_engine_writes_the_outputs_of_the_others()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        byte[] Scores(string engine) => CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "-o", "-", "--engine", engine).Bytes;
        Assert.Equal(Scores("interpreter"), Scores("onnx-integer"));
    }

    [Fact]
    public void A_float_model_is_refused()
    {
        var run = CliRun.Of("print", _tiny.Model, "--format", "onnx-integer");
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0250: graph 'tiny' is at level float", run.Error, StringComparison.Ordinal);
        Assert.Contains("--format onnx writes the float level", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Two parameters in one slot: the later one is what both read.</summary>
    [Fact]
    public void A_model_whose_values_share_storage_is_neither_exported_nor_audited()
    {
        Assert.Equal(0, _tiny.Compile().Exit);
        string symbol = Path.Combine(_tiny.Out, "symbol");
        var json = JsonNode.Parse(File.ReadAllText(symbol))!;
        var storage = json["attrs"]!["storage_id"]![1]!.AsArray();
        int[] parameters = [.. json["nodes"]!.AsArray().Index()
            .Where(n => n.Item!["op"]!.GetValue<string>() == "null" && n.Item["name"]!.GetValue<string>() != "data").Select(n => n.Index)];
        storage[parameters[0]] = storage[parameters[1]]!.GetValue<int>();
        // The CVM's reader knows no escapes of code points.
        File.WriteAllText(symbol, json.ToJsonString(new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        var print = CliRun.Of("print", _tiny.Out, "--format", "onnx-integer", "--accept-edited");
        Assert.Equal(2, print.Exit);
        Assert.Contains("share storage while both are needed: only the interpreter can run that", print.Error, StringComparison.Ordinal);
        var run = CliRun.Of(
            "run", _tiny.Out, "--data", _tiny.Data, "--limit", "1", "--accept-edited", "--transcript", _tiny.Folder["t.json"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0992: values of", run.Error, StringComparison.Ordinal);
    }
}
