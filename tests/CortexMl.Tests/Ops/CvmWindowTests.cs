using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using Xunit;
using static CortexMl.Tests.Ops.CvmInfer;

namespace CortexMl.Tests.Ops;

/// <summary>Shape rules and cost of convolution, dense layer, pooling and detection, CortexMl.Cvm/SPECIFICATION.md §8.2 and §10.</summary>
public class CvmWindowTests
{
    private static readonly TensorType Image = I(8, 1, 4, 6, 6), Weight = I(8, 2, 4, 3, 3);

    private static (string, AttributeValue)[] Conv(params (string, AttributeValue)[] more) =>
        [("channels", 2), ("kernel_size", Ints(3, 3)), ("use_bias", false), .. more];

    [Fact]
    public void Convolution_counts_window_positions()
    {
        Gives("i22[1, 2, 4, 4]", CvmConv.Conv2D, [Image, Weight], Conv());
        Gives("i22[1, 2, 3, 2]", CvmConv.Conv2D, [Image, Weight], Conv(("strides", Ints(2, 3)), ("padding", Ints(1, 0))));
        Gives("i22[1, 2, 2, 2]", CvmConv.Conv2D, [Image, Weight], Conv(("dilation", Ints(2, 2))));
        Gives("i21[1, 2, 4, 4]", CvmConv.Conv2D, [Image, I(8, 2, 2, 3, 3)], Conv(("groups", 2)));
    }

    [Fact]
    public void Convolution_attributes_out_of_range_are_logic_errors()
    {
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("groups", 0)));
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("groups", 3)));
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("strides", Ints(1))));
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("strides", Ints(0, 1))));
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("padding", Ints(4097, 0))));
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("dilation", Ints(3, 3))));
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("layout", "NHWC")));
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("out_dtype", "int8")));
        Runtime(CvmConv.Conv2D, [Image, Weight], Conv(("out_dtype", "int7")));
    }

    [Theory]
    [InlineData("NHWC")]
    [InlineData("NCHW4c")]
    public void Other_well_formed_result_layouts_are_logic_errors(string layout) =>
        Logic(CvmConv.Conv2D, [Image, Weight], Conv(("out_layout", layout)));

    [Theory]
    [InlineData("")]
    [InlineData("nchw")]
    [InlineData("NCHW4")]
    [InlineData("NCHH")]
    [InlineData("NCW4h")]
    public void Malformed_result_layouts_are_runtime_errors(string layout) =>
        Runtime(CvmConv.Conv2D, [Image, Weight], Conv(("out_layout", layout)));

    [Fact]
    public void Weight_that_contradicts_the_attributes_is_a_logic_error()
    {
        Logic(CvmConv.Conv2D, [Image, I(8, 3, 4, 3, 3)], Conv());
        Logic(CvmConv.Conv2D, [Image, I(8, 2, 4, 3, 2)], Conv());
        Logic(CvmConv.Conv2D, [Image, Weight], ("channels", 2), ("kernel_size", Ints(0, 3)), ("use_bias", false));
        Logic(CvmConv.Conv2D, [Image, Weight], ("channels", 2), ("kernel_size", Ints(long.MaxValue, long.MinValue)), ("use_bias", false));
    }

    [Fact]
    public void Bias_of_another_length_is_a_runtime_error()
    {
        Runtime(CvmConv.Conv2D, [Image, Weight, I(8, 3)], ("channels", 2), ("kernel_size", Ints(3, 3)));
        Runtime(CvmConv.Dense, [I(8, 2, 5), I(8, 3, 5), I(8, 1)], ("units", 3));
    }

    [Fact]
    public void Use_bias_agrees_with_the_operands()
    {
        Logic(CvmConv.Conv2D, [Image, Weight], ("channels", 2), ("kernel_size", Ints(3, 3)));
        Logic(CvmConv.Conv2D, [Image, Weight, I(8, 2)], Conv());
        Logic(CvmConv.Dense, [I(8, 2, 5), I(8, 3, 5)], ("units", 3));
    }

    [Fact]
    public void Dense_sizes_that_disagree_are_runtime_errors_and_ranks_logic_errors()
    {
        Runtime(CvmConv.Dense, [I(8, 2, 5), I(8, 3, 4)], ("units", 3), ("use_bias", false));
        Runtime(CvmConv.Dense, [I(8, 2, 5), I(8, 3, 5)], ("units", 4), ("use_bias", false));
        Runtime(CvmConv.Dense, [I(8, 2, 5), I(8, 3, 5)], ("units", 0), ("use_bias", false));
        Logic(CvmConv.Dense, [I(8, 2, 5, 1), I(8, 3, 5)], ("units", 3), ("use_bias", false));
    }

    [Fact]
    public void Pooling_refuses_a_last_window_behind_the_data()
    {
        Gives("i8[1, 1, 2, 2]", CvmPool.MaxPool2D, [I(8, 1, 1, 5, 5)], ("pool_size", Ints(2, 2)), ("strides", Ints(2, 2)));
        Gives("i8[1, 1, 3, 3]", CvmPool.MaxPool2D, [I(8, 1, 1, 5, 5)], ("pool_size", Ints(2, 2)),
            ("strides", Ints(2, 2)), ("ceil_mode", true));
        Gives("i8[1, 1, 6, 6]", CvmPool.MaxPool2D, [I(8, 1, 1, 5, 5)], ("pool_size", Ints(2, 2)), ("padding", Ints(1)));
        Logic(CvmPool.MaxPool2D, [I(8, 1, 1, 5, 5)], ("pool_size", Ints(1, 1)), ("strides", Ints(3, 3)), ("ceil_mode", true));
        Logic(CvmPool.MaxPool2D, [I(8, 1, 1, 5, 5)], ("pool_size", Ints(1, 1)), ("padding", Ints(1)));
        Logic(CvmPool.MaxPool2D, [I(8, 1, 1, 5, 5)], ("pool_size", Ints(0, 1)));
        Logic(CvmPool.MaxPool2D, [I(8, 1, 1, 5, 5)], ("pool_size", Ints(6, 1)));
    }

    [Fact]
    public void Upsampling_multiplies_height_and_width()
    {
        Gives("i8[1, 1, 10, 15]", CvmPool.UpSampling, [I(8, 1, 1, 2, 3)], ("scale", 5));
        Logic(CvmPool.UpSampling, [I(8, 1, 1, 2, 3)], ("scale", 0));
        Logic(CvmPool.UpSampling, [I(8, 1, 1, 2, 3)], ("scale", 2), ("method", "BILINEAR"));
    }

    [Fact]
    public void Suppression_allows_one_form_only()
    {
        Gives("i8[2, 5, 6]", CvmDetection.NonMaxSuppression, [I(8, 2, 5, 6), I(8, 2)]);
        Logic(CvmDetection.NonMaxSuppression, [I(8, 2, 5, 7), I(8, 2)]);
        Logic(CvmDetection.NonMaxSuppression, [I(8, 2, 5, 6), I(8, 3)]);
        Logic(CvmDetection.NonMaxSuppression, [I(8, 2, 5, 6), I(8, 2)], ("coord_start", 1));
        Logic(CvmDetection.NonMaxSuppression, [I(8, 2, 5, 6), I(8, 2)], ("iou_threshold", 0));
        Logic(CvmDetection.NonMaxSuppression, [I(8, 2, 5, 6), I(8, 2)], ("return_indices", true));
    }

    private static long Weigh(OpSpec row, TensorType[] operands, params (string, AttributeValue)[] attributes)
    {
        var context = new ProposedOperation(row, operands, Attributes.Of(attributes));
        return row.Cost!(context, row.Infer(context));
    }

    [Fact]
    public void Cost_per_element_follows_the_gas_table()
    {
        Assert.Equal(3 * 36, Weigh(CvmConv.Conv2D, [Image, Weight], Conv()));
        Assert.Equal((3 * 36) + 1, Weigh(CvmConv.Conv2D, [Image, Weight, I(8, 2)], ("channels", 2), ("kernel_size", Ints(3, 3))));
        Assert.Equal((3 * 5) + 1, Weigh(CvmConv.Dense, [I(8, 2, 5), I(8, 3, 5), I(8, 3)], ("units", 3)));
        Assert.Equal(6, Weigh(CvmPool.MaxPool2D, [Image], ("pool_size", Ints(2, 3))));
        Assert.Equal(36, Weigh(CvmReduce.Sum, [Image], ("axis", Ints(2, 3))));
        Assert.Equal(40, Weigh(CvmDetection.NonMaxSuppression, [I(8, 2, 5, 6), I(8, 2)]));
        Assert.Null(CvmReduce.Max.Cost);
    }
}
