using CortexMl.Chain.Words;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Fuzz;

/// <summary>Inputs that the fuzzer found, of readers without tests of their own beside them.</summary>
public sealed class FoundTests
{
    [Theory]
    [InlineData("[-1]", "a number below 0 does not fit uint256")]
    [InlineData(
        "[1, \"0x10000000000000000000000000000000000000000000000000000000000000000\"]", "a number of 257 bits does not fit uint256")]
    public void Words_out_of_range_are_refused(string text, string message) =>
        Assert.Equal($"error CML1011: {message}", Assert.Throws<DiagnosticException>(() => ChainWords.Parse(text)).Message);

    [Fact]
    public void Dense_on_data_of_one_dimension_is_a_logic_error()
    {
        const string Symbol = """
            {"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "null", "name": "w", "inputs": []},
                       {"op": "cvm_op", "name": "d", "attrs": {"func_name": "dense"}, "inputs": [[0, 0], [1, 0]]}],
             "arg_nodes": [0, 1], "node_row_ptr": [0, 1, 2, 3], "heads": [[2, 0]],
             "attrs": {"op_attrs": ["list_str", ["{}", "{}", "{\"units\": \"4\", \"use_bias\": \"false\"}"]],
                       "dltype": ["list_str", ["int32", "int32", "int32"]], "storage_id": ["list_int", [0, 1, 2]],
                       "shape": ["list_shape", [[6], [4, 6], [1, 4]]], "precision": ["list_int", [8, 8, -1]]}}
            """;
        var result = CvmReader.Read(System.Text.Encoding.UTF8.GetBytes(Symbol), default);
        Assert.Equal(CvmStatus.Logic, result.Status);
        Assert.Contains(result.Findings, f => f.Message.Contains("dense", StringComparison.Ordinal));
    }
}
