using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Runs;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Runs;

/// <summary>The form of run files: how they are known, what is refused, and that what is written is read back.</summary>
public sealed class RunFormTests : IDisposable
{
    private const string Schema = "\"$schema\": \"cortexml-run-1.schema.json\"";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{\"$schema\": \"cortexml-run-1.schema.json\"}", true)]
    [InlineData("\uFEFF// a comment\n{\"model\": [{}], \"$schema\": \"https://json-schema.org/x/cortexml-run-1.schema.json\"", true)]
    [InlineData("{\"$schema\": \"..\\\\schemas\\\\cortexml-run-7.schema.json\", broken", true)]
    [InlineData("{\"$schema\": \"mycortexml-run-1.schema.json\"}", false)]
    [InlineData("{\"$schema\": 1}", false)]
    [InlineData("{\"nodes\": [], \"arg_nodes\": [], \"heads\": []}", false)]
    [InlineData("[\"$schema\", \"cortexml-run-1.schema.json\"]", false)]
    [InlineData("{\"x\": {\"$schema\": \"cortexml-run-1.schema.json\"}}", false)]
    [InlineData("{broken, \"$schema\": \"cortexml-run-1.schema.json\"}", false)]
    [InlineData("{\"data\": \"x.npy\", \"model\": \"x.onnx\"}", true)]
    [InlineData("{\"model\": \"x.onnx\", \"data\": ", false)]
    [InlineData("{\"model\": {\"name\": \"x\"}}", false)]
    [InlineData("graph @x", false)]
    [InlineData("", false)]
    public void A_run_is_known_by_its_schema_or_its_model_whatever_its_name(string text, bool isRun) =>
        Assert.Equal(isRun, RunFile.Is(_folder.Write("model.onnx", text)));

    [Fact]
    public void A_long_file_is_known_by_its_beginning_and_no_folder_is_a_run()
    {
        string rest = new(' ', 2 << 20);
        Assert.True(RunFile.Is(_folder.Write("long.json", $"{{{Schema}, \"model\": \"x\"{rest}}}")));
        Assert.False(RunFile.Is(_folder.Path));
        Assert.False(RunFile.Is(_folder["none.json"]));
        var refused = Assert.Throws<DiagnosticException>(() => RunFile.Read(_folder["long.json"]));
        Assert.StartsWith("a run file of 2,", refused.Diagnostics[0].Message);
    }

    [Theory]
    [InlineData("[]", "a run file is a JSON object", 1, 1)]
    [InlineData("{\n  \"model\": \"x\"\n}", "the file does not say that it is a run", 0, 0)]
    [InlineData("{\n  \"$schema\": \"cortexml-run-2.schema.json\"\n}", "a run file of version 2: version 1 is read", 2, 3)]
    [InlineData("{" + Schema + ",\n \"model\": null}", "'model' is null", 2, 2)]
    [InlineData("{" + Schema + ",\n \"a\": 1,\n  \"a\": 2}", "'a' stands twice", 3, 3)]
    public void What_is_no_run_is_told_with_its_place(string text, string message, int line, int column)
    {
        var problem = Assert.Single(Refused(text).Diagnostics);
        Assert.Equal((LibraryCodes.RunFile, message), (problem.Code, problem.Message));
        Assert.Equal((line, column), (problem.Location!.Line, problem.Location.Column));
    }

    [Theory]
    [InlineData("{" + Schema + ", \"model\": }")]
    [InlineData("{" + Schema + "} {}")]
    [InlineData("{" + Schema + ", \"a\": [[[[[[[[[[1]]]]]]]]]]}")]
    [InlineData("{" + Schema)]
    public void A_broken_text_is_one_diagnostic(string text) =>
        Assert.StartsWith("the run file cannot be read: ", Assert.Single(Refused(text).Diagnostics).Message);

    [Fact]
    public void What_is_written_is_read_back_without_its_comments()
    {
        var run = new RunFile(
        [
            new("model", "a \"b\".json") { Comment = ["why", "two\nlines"] },
            new("mean", new System.Text.Json.Nodes.JsonArray(0.5, 0.25)),
            new("input", new System.Text.Json.Nodes.JsonObject { ["data"] = new System.Text.Json.Nodes.JsonArray(1, 3) }),
            new("strict", true),
        ]);
        string text = run.ToJson();
        Assert.Equal(
            "{\n  \"$schema\": \"cortexml-run-1.schema.json\",\n  // why\n  // two\\nlines\n  \"model\": \"a \\\"b\\\".json\",\n"
            + "  \"mean\": [0.5, 0.25],\n  \"input\": {\"data\": [1, 3]},\n  \"strict\": true\n}\n", text);
        var read = Parse(text);
        Assert.Equal(["model", "mean", "input", "strict"], read.Members.Select(m => m.Name));
        Assert.Equal((5, 3), (read.Members[0].Location!.Line, read.Members[0].Location!.Column));
    }

    private static DiagnosticException Refused(string text) => Assert.Throws<DiagnosticException>(() => Parse(text));

    private static RunFile Parse(string text) => RunFile.Parse(Encoding.UTF8.GetBytes(text), "run.json");
}
