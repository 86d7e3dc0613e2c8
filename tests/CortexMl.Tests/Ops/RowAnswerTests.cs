using CortexMl.Ir;
using CortexMl.Ops;
using Xunit;

namespace CortexMl.Tests.Ops;

/// <summary>What a row must answer before passes, engines and formats can use it.</summary>
public class RowAnswerTests
{
    public static TheoryData<string> Rows => [.. OpTable.Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_row_answers_all_that_is_asked(string row) => Assert.Equal([], RowAnswers.Missing(OpTable.Find(row)!));

    [Fact]
    public void A_new_float_row_is_told_what_it_lacks() => Assert.Equal(
        [
            "its family in OpTable.Families", "a line about itself, each operand and each attribute", "a kernel in passes/Prepare/Folding",
            "its form in ONNX, in src/CortexMl.Frontends/Onnx",
        ],
        RowAnswers.Missing(New("nn.cube", Level.Float)));

    [Fact]
    public void A_new_cvm_row_is_told_what_it_lacks() => Assert.Equal(
        [
            "its family in OpTable.Families", "a line about itself, each operand and each attribute", "a range for each result, or Moves",
            "a line in the table of src/CortexMl.Cvm/SPECIFICATION.md §8.1", "a kernel of the interpreter",
            "a kernel for devices, in Gpu/Generation", "its exact form in ONNX, in src/CortexMl.Frontends/Onnx/Exact",
            "vectors in golden/cvm, made by tools/vectors",
            "a step of random graphs, in CortexMl.RandomGraphs/Generators", "as many results as it says, in OperatorGraphs",
        ],
        RowAnswers.Missing(New("cvm.cube", Level.Quant | Level.Cvm, results: 2)));

    private static OpSpec New(string name, Level levels, int results = 1) => new(name)
    {
        Doc = "",
        Operands = [new("data", "any shape")],
        Shapes = op => [op.Shape(0)],
        Elements = levels.HasFlag(Level.Float) ? null : (op, _) => [op.OperandType(0).Element],
        Levels = levels,
        CvmName = levels.HasFlag(Level.Float) ? null : "cube",
        Results = results,
    };
}
