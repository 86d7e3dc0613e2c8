using CortexMl.Frontends.Onnx.Peers;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using Xunit;

namespace CortexMl.Tests.Ops;

/// <summary>The table of CVM rows as a whole.</summary>
public class CvmRowTests
{
    private static IEnumerable<OpSpec> Rows => OpTable.Rows.Where(r => r.CvmName is not null);

    private static IEnumerable<string> With(OpTraits trait) =>
        Rows.Where(r => r.Traits.HasFlag(trait)).Select(r => r.CvmName!).Order(StringComparer.Ordinal);

    [Fact]
    public void Table_holds_the_37_operators_of_the_specification()
    {
        Assert.Equal(37, RowAnswers.Specified.Count);
        Assert.Equal(RowAnswers.Specified.Order(StringComparer.Ordinal), Rows.Select(r => r.CvmName).Order(StringComparer.Ordinal));
        Assert.All(Rows, r => Assert.Equal(Level.Quant | Level.Cvm, r.Levels));
        Assert.All(Rows, r => Assert.Same(r, OpTable.FindCvm(r.CvmName!)));
    }

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
        Rows.Where(r => r.Divergence is not null).Select(r => r.CvmName!).Order(StringComparer.Ordinal));

    [Fact]
    public void A_dense_layer_is_a_product_of_one_group()
    {
        Assert.Equal(1, new ProposedOperation(CvmConv.Dense, [], Attributes.Empty).Groups());
        Assert.Equal(1, new ProposedOperation(CvmConv.Conv2D, [], Attributes.Empty).Groups());
        Assert.Equal(4, new ProposedOperation(CvmConv.Conv2D, [], Attributes.Of(("groups", 4))).Groups());
    }

    /// <summary>Peers take a function of one number that never decreases for a clamp or a shift.</summary>
    [Fact]
    public void Functions_that_never_decrease_are_clamps_and_shifts() => Assert.Equal(
        ["clip", "cvm_clip", "cvm_left_shift", "cvm_right_shift", "relu"],
        Rescaling.Rows.Select(r => r.CvmName!).Order(StringComparer.Ordinal));

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
