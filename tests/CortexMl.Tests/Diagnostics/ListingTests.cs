using CortexMl.Diagnostics;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Diagnostics;

public sealed class ListingTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "n0")]
    [InlineData(3, "n0, n1, n2")]
    [InlineData(4, "n0, n1, n2 and 1 more")]
    [InlineData(2003, "n0, n1, n2 and 2,000 more")]
    public void The_first_few_are_told_and_the_rest_counted(int count, string text) =>
        Assert.Equal(text, Listing.Of([.. Enumerable.Range(0, count).Select(i => $"n{i}")], 3));

    [Fact]
    public void An_archive_of_many_arrays_is_not_told_whole()
    {
        using var folder = new TemporaryFolder();
        NpzWriter.Write(folder["x.npz"], Enumerable.Range(0, 500).Select(i => ($"array{i}", (Tensor)Tensor.Vector(1f))));
        string model = folder.Write("g.cml", "graph @g(%a: f32[1, 2]) { %0 = nn.relu(%a) return %0 }\n");
        var run = CliRun.Of("run", model, "--data", folder["x.npz"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0105: the file holds array0, array1, array2, array3, array4, array5, array6, array7 and 492 more; "
            + "there is no array for input a\n", run.Error);
    }
}
