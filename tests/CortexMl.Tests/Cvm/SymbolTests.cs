using CortexMl.Cvm;
using Xunit;

namespace CortexMl.Tests.Cvm;

public sealed class SymbolTests
{
    [Theory]
    [InlineData("\"shift_bit\\\": \\\"4\\\"", "\"shift_bit\\\": \\\" +4 \\\"")]
    [InlineData("(2, 2)", " [2 , 2L,) ")]
    [InlineData("\"flatten_data\": \"0\"", "\"flatten_data\": \"x\", \"op_attrs\": \"ignored\"")]
    [InlineData("\"func_name\": \"relu\"", "\"func_name\": \"relu_17\"")]
    [InlineData("\"func_name\": \"relu\"", "\"func_name\": \"conv2d\", \"func_name\": \"relu_\"")]
    [InlineData("\"inputs\": []", "\"precision\": -8, \"inputs\": []")]
    [InlineData("\n}\n", "")]
    [InlineData("\n}\n", "\n} what follows is not read")]
    public void What_the_runtime_accepts_is_accepted(string old, string replacement)
    {
        var result = Samples.Edited(old, replacement);
        Assert.True(result.Status == CvmStatus.Ok, string.Join('\n', result.Findings));
    }

    [Theory]
    [InlineData("\"version\"", "\"versions\"",
        "error CML0403: unknown key 'versions'\n  --> symbol:83:15\n  help: known here: nodes, arg_nodes, node_row_ptr, heads, attrs, version, postprocess")]
    [InlineData("\"name\": \"data\"", "\"name\": \"da\\u0074a\"",
        "error CML0401: unknown escape in a string\n  --> symbol:5:18\n  help: the runtime knows \\n \\r \\t \\\\ and \\\"")]
    [InlineData("\"arg_nodes\": [0", "\"arg_nodes\": [0,", "error CML0401: expected an integer, found ','\n  --> symbol:52:19")]
    [InlineData(
        "\"arg_nodes\": [0", "\"arg_nodes\": [4294967296", "error CML0401: integer outside -4294967295..4294967295\n  --> symbol:52:17")]
    [InlineData(
        "cvm_1.0.0", "cvm_2.0.0", "error CML0404: version 'cvm_2.0.0'\n  --> symbol:83:14\n  help: allowed are cvm_1.0.0 and cvm_1.1.0")]
    [InlineData("\"func_name\": \"relu\"", "\"func_name\": \"gelu\"",
        "error CML0410: unknown operator 'gelu'\n  --> symbol:29:5, node 'relu_0'\n  help: cortexml ops lists the operators of the CVM")]
    [InlineData("shift_bit", "shift_bits",
        "error CML0411: cvm_right_shift has no attribute 'shift_bits'\n  --> symbol:40:5, node 'cvm_right_shift_0'\n  help: it has precision, shift_bit, is_sign")]
    public void What_the_runtime_refuses_as_runtime_error_says_where(string old, string replacement, string expected) =>
        Check(CvmStatus.Runtime, old, replacement, expected);

    [Theory]
    [InlineData("\"heads\": [[5, 0, 0]]", "\"heads\": [[5]]",
        "error CML0402: a reference has two or three numbers: node, index, version\n  --> symbol:54:13")]
    [InlineData("[[0, 0, 0], [1, 0, 0], [2, 0, 0]]", "[[0, 0, 0], [1, 0, 0]]",
        "error CML0412: conv2d has 2 inputs where it takes 3\n  --> symbol:18:5, node 'conv2d_0'\n  help: use_bias, True by default, says whether there is a third input, the bias")]
    [InlineData("[3, 0, 0]", "[9, 0, 0]", "error CML0407: input [9, 0] is no output of an earlier node\n  --> symbol:38:18, node 'relu_0'")]
    [InlineData("[1, 2, 2, 2]\n", "[1, 2, 2, 3]\n",
        "error CML0414: cvm_right_shift: recorded shape [1, 2, 2, 3], the operator gives [1, 2, 2, 2]\n  --> symbol:40:5, node 'cvm_right_shift_0'")]
    [InlineData("\"precision\": [\"list_int\", [8", "\"precision\": [\"list_int\", [9",
        "error CML0415: conv2d: precision of data = 9 is outside 1..8\n  --> symbol:18:5, node 'conv2d_0'")]
    public void What_the_runtime_refuses_as_logic_error_says_where(string old, string replacement, string expected) =>
        Check(CvmStatus.Logic, old, replacement, expected);

    [Fact]
    public void Every_unknown_operator_is_reported()
    {
        var result = Samples.Edited("\"func_name\": \"", "\"func_name\": \"my_");
        Assert.Equal(["my_conv2d", "my_relu", "my_cvm_right_shift"], result.Findings.Select(f => f.Message.Split('\'')[1]));
    }

    private static void Check(CvmStatus status, string old, string replacement, string expected)
    {
        var result = Samples.Edited(old, replacement);
        Assert.Equal(expected, result.Findings[0].ToString());
        Assert.Equal(status, result.Status);
    }
}
