using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tests.Support;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Indices that come with the data are clamped to the axis, unlike ONNX: told once. Those of the file are exact.</summary>
public class OddIndexTests
{
    private const string Clamped =
        "its indices come with the data: those below 0, which count from the end in ONNX, are read as 0, those beyond the end as the last";

    [Fact]
    public void Indices_that_come_with_the_data_are_told_of()
    {
        var notes = new DiagnosticBag();
        var model = Model(13, [], Node("Gather", "table i", "a"), Node("Gather", "other i", "b"), Node("Add", "a b", "y"))
            .With(Floats("table", [3, 2], 1, 2, 3, 4, 5, 6), Floats("other", [3, 2], 1, 2, 3, 4, 5, 6));
        model.Graph.Input[0] = Info("i", [1, 4], TensorProto.Types.DataType.Int64);
        model.Import(notes: notes);
        var note = Assert.Single(notes.Items);
        Assert.Equal((FrontendCodes.ReadOtherwise, $"Gather 'a', 'b': {Clamped}"), (note.Code, note.Message));
    }

    [Fact]
    public void Indices_of_the_file_count_from_the_end()
    {
        var notes = new DiagnosticBag();
        using var folder = new TemporaryFolder();
        var graph = Model(13, [3, 2], Node("Gather", "x i", "y")).With(Longs("i", -1, 0)).Import(folder: folder, notes: notes);
        Original.Agrees(folder["model.onnx"], graph, Original.Random(graph, 2));
        Assert.Empty(notes.Items);
    }
}
