using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Tests.Support;
using Google.Protobuf;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx.Import;

/// <summary>Linear interpolation as products with constant matrices, against ONNX Runtime on the file.</summary>
public class ResizeTests
{
    [Theory]
    [InlineData("half_pixel", 2f, 2f)]
    [InlineData("half_pixel", 1.5f, 0.5f)]
    [InlineData("pytorch_half_pixel", 3f, 2f)]
    [InlineData("asymmetric", 2f, 3f)]
    [InlineData("align_corners", 2f, 4f)]
    public void Interpolated_images_agree_with_the_runtime(string coordinates, float height, float width)
    {
        var model = Model(13, [1, 2, 4, 6],
            Node("Resize", "x", "y", Text("mode", "linear"), Text("coordinate_transformation_mode", coordinates)))
            .With(Floats("scales", [4], 1, 1, height, width));
        model.Graph.Node[0].Input.Add(["", "scales"]);
        Agrees(model);
    }

    [Theory]
    [InlineData("half_pixel", 2f, 0.5f, 0, -0.75f)]
    [InlineData("asymmetric", 1.5f, 2f, 0, -0.5f)]
    [InlineData("half_pixel", 2f, 0.5f, 1, -0.75f)]
    [InlineData("align_corners", 2f, 4f, 0, -0.75f)]
    public void Cubic_images_agree_with_the_runtime(string coordinates, float height, float width, int insideOnly, float slope)
    {
        var model = Model(13, [1, 2, 4, 6],
            Node("Resize", "x", "y", Text("mode", "cubic"), Text("coordinate_transformation_mode", coordinates),
            Int("exclude_outside", insideOnly),
            new AttributeProto { Name = "cubic_coeff_a", Type = AttributeProto.Types.AttributeType.Float, F = slope }))
            .With(Floats("scales", [4], 1, 1, height, width));
        model.Graph.Node[0].Input.Add(["", "scales"]);
        Agrees(model);
    }

    [Theory]
    [InlineData("linear", 0f)]
    [InlineData("linear", 3f)]
    [InlineData("nearest", 3f)]
    public void Regions_that_reach_beyond_the_image(string mode, float beyond)
    {
        var model = Model(13, [1, 2, 5, 6],
            Node("Resize", "x region", "y", Text("mode", mode), Text("coordinate_transformation_mode", "tf_crop_and_resize"),
            new AttributeProto { Name = "extrapolation_value", Type = AttributeProto.Types.AttributeType.Float, F = beyond }))
            .With(Floats("region", [8], 0, 0, 0.25f, 0.5f, 1, 1, 0.75f, 1.5f), Longs("sizes", 1, 2, 3, 4));
        model.Graph.Node[0].Input.Add(["", "sizes"]);
        Agrees(model);
    }

    [Fact]
    public void Sizes_in_place_of_scales()
    {
        var model = Model(13, [1, 2, 4, 6],
            Node("Resize", "x", "y", Text("mode", "linear"), Text("coordinate_transformation_mode", "align_corners")))
            .With(Longs("sizes", 1, 2, 7, 5));
        model.Graph.Node[0].Input.Add(["", "", "sizes"]);
        Agrees(model);
    }

    [Fact]
    public void Upsample_of_older_files() =>
        Agrees(Model(9, [1, 2, 4, 6], Node("Upsample", "x scales", "y", Text("mode", "linear"))).With(Floats("scales", [4], 1, 1, 2, 2)));

    [Fact]
    public void What_is_not_done_says_what_is()
    {
        var model = Model(13, [1, 1, 4, 4], Node("Resize", "x", "y", Text("mode", "lanczos"))).With(Floats("scales", [4], 1, 1, 2, 2));
        model.Graph.Node[0].Input.Add(["", "scales"]);
        var error = Assert.Single(Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics);
        const string Hint = "modes that are: nearest, linear, cubic; export with one of them, or use ConvTranspose";
        Assert.Equal((FrontendCodes.UnsupportedAttribute, Hint), (error.Code, error.Hint));
        Assert.StartsWith("Resize 'y': mode 'lanczos' is not supported", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16777216f, 1f, "axis 2 of [1, 1, 4, 4] would have 67108864 elements", "a resized axis has 1 to 1048576")]
    [InlineData(0.1f, 1f, "axis 2 of [1, 1, 4, 4] would have 0 elements", "a resized axis has 1 to 1048576")]
    [InlineData(65536f, 16384f, "the number of elements would be 1 x 1 x 262144 x 65536", "at most 2147483647 are allowed")]
    public void A_size_beyond_bounds_is_refused_before_anything_of_that_size_is_made(float height, float width, string message, string hint)
    {
        var node = Node("Resize", "x", "y", Text("mode", "nearest"), Text("coordinate_transformation_mode", "asymmetric"));
        var model = Model(13, [1, 1, 4, 4], node).With(Floats("scales", [4], 1, 1, height, width));
        model.Graph.Node[0].Input.Add(["", "scales"]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Single(Assert.Throws<DiagnosticException>(() => model.Import()).Diagnostics);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
        Assert.Equal((FrontendCodes.ShapeMismatch, hint), (error.Code, error.Hint));
        Assert.StartsWith($"Resize 'y': {message} (", error.Message, StringComparison.Ordinal);
    }

    private static void Agrees(ModelProto model)
    {
        using var folder = new TemporaryFolder();
        var graph = model.Import(folder: folder);
        Original.Agrees(folder["model.onnx"], graph, Original.Random(graph, 3));
    }

    private static AttributeProto Text(string name, string value) =>
        new() { Name = name, Type = AttributeProto.Types.AttributeType.String, S = ByteString.CopyFromUtf8(value) };
}
