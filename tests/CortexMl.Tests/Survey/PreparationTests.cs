using CortexMl.Survey.Networks;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Survey;

/// <summary>The table that says how the samples of each network are prepared.</summary>
public sealed class PreparationTests
{
    [SkippableFact]
    public void Every_network_from_the_wild_has_a_row()
    {
        var files = Directory.EnumerateFiles(SharedData.Folder("onnx-wild"), "*.onnx").Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Count >= 31, $"{files.Count} networks were found");
        Assert.Empty(files.Where(file => Preparation.Of(file) is null).Select(Path.GetFileName));
    }

    [Fact]
    public void No_network_stands_in_two_rows() =>
        Assert.Empty(Preparation.Table.SelectMany(row => row.Networks).GroupBy(name => name).Where(g => g.Count() > 1).Select(g => g.Key));

    [Fact]
    public void Every_row_names_a_kind_of_data_that_there_is() =>
        Assert.All(Preparation.Table, row => Assert.True(Preparation.Kinds.ContainsKey(row.Data), row.Data));

    [Fact]
    public void A_network_is_found_by_its_file_or_by_its_folder()
    {
        Assert.Equal([127.5], Preparation.Of("somewhere/blazeface_back.onnx")!.Mean);
        Assert.Equal("mnist", Preparation.Of("onnx/mnist-8/mnist-rn.onnx")!.Data);
        Assert.Null(Preparation.Of("onnx/mnist-80/mnist-rn.onnx"));
    }

    [Fact]
    public void Preparation_divides_subtracts_and_divides()
    {
        var prepared = Preparation.Of("mnist-burn/mnist.onnx")!.Preprocessing;
        Assert.Equal("--scale 1/255 --mean 0.1307 --std 0.3081", prepared.ToString());
    }
}
