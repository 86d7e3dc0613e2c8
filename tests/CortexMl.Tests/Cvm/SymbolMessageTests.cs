using CortexMl.Cvm;
using Xunit;

namespace CortexMl.Tests.Cvm;

/// <summary>What the load-time checks behind the syntax say, each with its class, place and hint.</summary>
public sealed class SymbolMessageTests
{
    private const string Storage = "\"storage_id\": [\"list_int\", [3, 4, 5, 0, 1, 2]]";

    [Theory]
    [InlineData("\"name\": \"conv.bias\"", "\"name\": \"conv.weight\"",
        "error CML0408: arg_nodes names 'conv.weight' twice\n  --> symbol:13:5, node 'conv.weight'")]
    [InlineData("\"name\": \"data\"", "\"name\": \"date\"",
        "error CML0422: no variable is named 'data'\n  --> symbol:52:16\n  help: the runtime writes its input there")]
    public void Runtime_errors(string old, string replacement, string expected) => Check(CvmStatus.Runtime, old, replacement, expected);

    [Theory]
    [InlineData(Storage, "\"storage_id\": [\"list_int\", [3, 4, 5, 0, 1]]",
        "error CML0409: storage_id has 5 elements for 6 entries\n  --> symbol:73:19")]
    [InlineData(Storage, "\"storage_id\": [\"list_int\", [3, 4, 5, -1, 1, 2]]",
        "error CML0417: storage_id of entry 3 is -1, allowed is 0 or more\n  --> symbol:73:19")]
    [InlineData(Storage, "\"storage_id\": [\"list_int\", [3, 4, 5, 3, 1, 2]]",
        "error CML0416: conv2d writes entry 3 to storage 3, which holds one of its inputs\n  --> symbol:18:5, node 'conv2d_0'\n  help: only operators that work element by element may share storage with an input")]
    [InlineData("\"precision\": [\"list_int\", [8", "\"precision\": [\"list_int\", [33",
        "error CML0417: precision of entry 0 is 33, allowed are -1 and 1..32\n  --> symbol:72:18")]
    [InlineData("[1, 2, 2, 2]\n", "[1, 2, 2, 0]\n",
        "error CML0417: shape of entry 5 has a dimension of 0, allowed are 1..16777216\n  --> symbol:74:14")]
    [InlineData("\"heads\": [[5, 0, 0]]", "\"heads\": [[6, 0, 0]]", "error CML0421: head [6, 0] is no entry\n  --> symbol:54:13")]
    [InlineData("\"arg_nodes\": [0, 1, 2]", "\"arg_nodes\": [0, 1]",
        "error CML0405: arg_nodes is not the ascending list of the variables' node ids\n  --> symbol:52:16")]
    [InlineData("\"arg_nodes\": [0, 1, 2]", "\"arg_nodes\": [0, 1, 7]", "error CML0405: arg_nodes names node 7 of 6\n  --> symbol:52:16")]
    [InlineData("[\"list_str\", [\n      \"int32\"", "[\"list_str\", [\n      \"int8\"",
        "error CML0418: dltype of entry 0 is not int32\n  --> symbol:64:15")]
    [InlineData("\"node_row_ptr\": [0, 1", "\"node_row_ptr\": [0, 2",
        "error CML0406: node_row_ptr is not the running count of the nodes' outputs\n  --> symbol:53:19\n  help: it needs 7 numbers, from 0 to 6")]
    public void Logic_errors(string old, string replacement, string expected) => Check(CvmStatus.Logic, old, replacement, expected);

    private static void Check(CvmStatus status, string old, string replacement, string expected)
    {
        var result = Samples.Edited(old, replacement);
        Assert.Equal((expected, status), (result.Findings[0].ToString(), result.Status));
    }
}
