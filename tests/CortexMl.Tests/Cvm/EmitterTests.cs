using System.Text;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cvm;

public sealed class EmitterTests
{
    [Fact]
    public void Symbol_has_the_fixed_form()
    {
        const string Expected = """
            {
              "nodes": [
                {
                  "op": "null",
                  "name": "data",
                  "inputs": []
                },
                {
                  "op": "null",
                  "name": "table",
                  "inputs": []
                },
                {
                  "op": "cvm_op",
                  "name": "cvm_lut_0",
                  "attrs": {
                    "func_name": "cvm_lut",
                    "num_inputs": "2",
                    "num_outputs": "1",
                    "flatten_data": "0"
                  },
                  "inputs": [[0, 0, 0], [1, 0, 0]]
                },
                {
                  "op": "cvm_op",
                  "name": "sum_0",
                  "attrs": {
                    "func_name": "sum",
                    "num_inputs": "1",
                    "num_outputs": "1",
                    "flatten_data": "0"
                  },
                  "inputs": [[2, 0, 0]]
                }
              ],
              "arg_nodes": [0, 1],
              "node_row_ptr": [0, 1, 2, 3, 4],
              "heads": [[3, 0, 0]],
              "attrs": {
                "op_attrs": ["list_str", [
                  "{\"shape\": \"(1, 4)\", \"precision\": \"3\"}",
                  "{\"shape\": \"(3,)\", \"precision\": \"9\"}",
                  "{\"in_dim\": \"3\"}",
                  "{\"axis\": \"(1,)\", \"keepdims\": \"True\"}"
                ]],
                "dltype": ["list_str", [
                  "int32",
                  "int32",
                  "int32",
                  "int32"
                ]],
                "precision": ["list_int", [3, 9, -1, -1]],
                "storage_id": ["list_int", [2, 3, 0, 1]],
                "shape": ["list_shape", [
                  [1, 4],
                  [3],
                  [1, 4],
                  [1, 1]
                ]]
              },
              "version": "cvm_1.0.0",
              "postprocess": "argmax"
            }

            """;
        var build = new GraphBuilder("main", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(3, Shape.Of(1, 4)));
        var table = build.Constant("table", Tensor.Vector(200, 100, 0), 9);
        var looked = build.Op(CvmLookup.CvmLut, [x, table], Attributes.Of(("in_dim", 3)));
        build.Output(build.Op(CvmReduce.Sum, [looked], Attributes.Of(("axis", new[] { 1 }), ("keepdims", true))));
        build.SetAttributes(Attributes.Of(("postprocess", "argmax")));
        Assert.Equal(Expected.ReplaceLineEndings("\n"), Encoding.UTF8.GetString(CvmEmitter.Emit(build.Build()).Symbol));
    }

    [Fact]
    public void Params_has_the_form_of_the_specification()
    {
        const string Expected =
            "b79c04054f8de5f7" + "0000000000000000" + "0100000000000000" + "0100000000000000" + "77" + "0100000000000000" +
            "3fa1b496f0405edd" + "0000000000000000" + "01000000" + "00000000" + "01000000" + "00" + "08" + "0100" +
            "0200000000000000" + "0200000000000000" + "05fd";
        var build = new GraphBuilder("main", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(2)));
        build.Output(build.Op(CvmBinary.ElemwiseAdd, [x, build.Constant("w", Tensor.Vector(5, -3), 8)]));
        Assert.Equal(Expected, Convert.ToHexStringLower(CvmEmitter.Emit(build.Build()).Params));
    }

    [Fact]
    public void Slots_of_the_plan_are_written_and_variables_follow_them()
    {
        var build = new GraphBuilder("main", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(2)));
        var first = build.Op(CvmUnary.Negative, [x], Attributes.Of(("slot", new[] { 4 })));
        build.Output(build.Op(CvmUnary.Relu, [first], Attributes.Of(("slot", new[] { 4 }))));
        var model = Read(CvmEmitter.Emit(build.Build()));
        Assert.Equal([5, 4, 4], model.Entries.Select(e => e.StorageId));
    }

    [Fact]
    public void Two_operations_of_one_kind_are_numbered_in_post_order()
    {
        var build = new GraphBuilder("main", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(2)));
        var right = build.Op(CvmUnary.Negative, [x]);
        var left = build.Op(CvmUnary.Relu, [build.Op(CvmUnary.Negative, [x])]);
        build.Output(build.Op(CvmBinary.ElemwiseAdd, [left, right]));
        var model = Read(CvmEmitter.Emit(build.Build()));
        Assert.Equal(["data", "negative_0", "relu_0", "negative_1", "elemwise_add_0"], model.Entries.Select(e => e.NodeName));
    }

    [Fact]
    public void Constant_names_lose_control_characters_and_stay_unique()
    {
        var build = new GraphBuilder("main", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(1)));
        var a = build.Constant("a\nb", Tensor.Vector(1), 8);
        var b = build.Constant("a_b", Tensor.Vector(2), 8);
        var data = build.Constant("data", Tensor.Vector(3), 8);
        build.Output(build.Op(CvmShape.Concatenate, [x, a, b, data], Attributes.Of(("axis", 0))));
        var model = Read(CvmEmitter.Emit(build.Build()));
        Assert.Equal(["data", "a_b", "a_b.1", "data.1", "concatenate_0"], model.Entries.Select(e => e.NodeName));
    }

    [Fact]
    public void Inputs_and_constants_may_be_outputs()
    {
        var build = new GraphBuilder("main", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(1, 2)));
        build.Output(x);
        build.Output(build.Constant("c", Tensor.Create(Shape.Of(1, 3), [1, 2, 3]), 8));
        var model = Read(CvmEmitter.Emit(build.Build()));
        Assert.Equal(["[1, 2]", "[1, 3]"], model.Graph.Outputs.Select(o => o.Type.Shape.ToString()));
    }

    [Fact]
    public void A_graph_of_two_inputs_is_refused()
    {
        var build = new GraphBuilder("main", Level.Cvm);
        var x = build.Input("x", TensorType.Integer(8, Shape.Of(2)));
        build.Output(build.Op(CvmBinary.ElemwiseAdd, [x, build.Input("y", TensorType.Integer(8, Shape.Of(2)))]));
        var error = Assert.Throws<DiagnosticException>(() => CvmEmitter.Emit(build.Build()));
        Assert.Equal("error CML0450: the graph has 2 inputs, a CVM model has one", error.Message);
    }

    [Fact]
    public void A_scalar_is_refused()
    {
        var build = new GraphBuilder("main", Level.Cvm);
        build.Output(build.Input("x", TensorType.Integer(8, Shape.Scalar)));
        var error = Assert.Throws<DiagnosticException>(() => CvmEmitter.Emit(build.Build()));
        Assert.Equal("error CML0450: %x: i8[] has 0 dimensions, allowed are 1..6", error.Message);
    }

    private static CvmModel Read(CvmFiles files) => CvmReader.Read(files.Symbol, files.Params).ModelOrThrow();
}
