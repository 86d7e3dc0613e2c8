using CortexMl.Ir;
using CortexMl.Ops;
using Xunit;

namespace CortexMl.Tests.Ops;

/// <summary>The table of CVM rows as a whole.</summary>
public class CvmRowTests
{
    private static readonly string[] Names =
    [
        "abs", "broadcast_add", "broadcast_div", "broadcast_greater", "broadcast_max", "broadcast_mul", "broadcast_sub",
        "clip", "concatenate", "conv2d",
        "cvm_clip", "cvm_left_shift", "cvm_lut", "cvm_precision", "cvm_right_shift", "dense", "elemwise_add", "elemwise_sub",
        "expand_dims", "flatten",
        "get_valid_counts", "max", "max_pool2d", "negative", "non_max_suppression", "relu", "repeat", "reshape", "slice_like",
        "squeeze", "strided_slice",
        "sum", "take", "tile", "transpose", "upsampling", "where",
    ];

    private static IEnumerable<OpSpec> Rows => OpTable.Rows.Where(r => r.CvmName is not null);

    private static IEnumerable<string> With(OpTraits trait) =>
        Rows.Where(r => r.Traits.HasFlag(trait)).Select(r => r.CvmName!).Order(StringComparer.Ordinal);

    [Fact]
    public void Table_holds_all_37_operators()
    {
        Assert.Equal(Names, Rows.Select(r => r.CvmName).Order(StringComparer.Ordinal));
        Assert.All(Rows, r => Assert.Equal(("cvm." + r.CvmName, Level.Quant | Level.Cvm), (r.Name, r.Levels)));
        Assert.All(Names, name => Assert.Same(OpTable.Find("cvm." + name), OpTable.FindCvm(name)));
    }

    [Fact]
    public void Every_row_attribute_and_operand_is_documented() => Assert.All(Rows, row =>
    {
        Assert.NotEqual("", row.Doc);
        Assert.All(row.Attributes, attribute => Assert.NotEqual("", attribute.Doc));
        Assert.All(row.Operands, operand => Assert.NotEqual("", operand.Doc));
    });

    [Fact]
    public void Rows_that_work_in_place_are_the_runtimes_list() => Assert.Equal(
        [
            "abs", "clip", "cvm_clip", "cvm_left_shift", "cvm_precision", "cvm_right_shift", "elemwise_add", "elemwise_sub",
            "expand_dims", "flatten", "relu",
            "reshape", "squeeze",
        ], With(OpTraits.InPlace));

    [Fact]
    public void Divergent_rows_are_those_of_the_portable_rules() => Assert.Equal(
        ["broadcast_div", "conv2d", "cvm_left_shift", "cvm_precision", "cvm_right_shift", "max", "non_max_suppression", "sum", "where"],
        With(OpTraits.Divergent));

    [Theory]
    [InlineData("conv2d", "channels kernel_size strides padding dilation groups layout kernel_layout out_layout out_dtype use_bias")]
    [InlineData("dense", "units use_bias")]
    [InlineData("max_pool2d", "pool_size strides padding layout ceil_mode")]
    [InlineData("upsampling", "scale layout method")]
    [InlineData("sum", "axis keepdims exclude dtype")]
    [InlineData("strided_slice", "begin end stride")]
    [InlineData("non_max_suppression",
        "max_output_size iou_threshold force_suppress top_k coord_start score_index id_index return_indices invalid_to_bottom")]
    [InlineData("relu", "")]
    public void Attributes_have_the_runtimes_names(string row, string names) =>
        Assert.Equal(names, string.Join(' ', OpTable.FindCvm(row)!.Attributes.Select(a => a.Name)));
}
