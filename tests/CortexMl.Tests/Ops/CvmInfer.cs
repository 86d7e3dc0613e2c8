using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Ops;

/// <summary>Applies CVM rows to operand types and says what comes out.</summary>
internal static class CvmInfer
{
    /// <summary>An operand's precision and shape.</summary>
    public static TensorType I(int precision, params int[] dims) => TensorType.Integer(precision, Shape.Of(dims));

    public static IReadOnlyList<TensorType> Types(OpSpec row, TensorType[] operands, params (string, AttributeValue)[] attributes) =>
        row.Infer(new ProposedOperation(row, operands, Attributes.Of(attributes)));

    /// <summary>The only result's type in the text form's spelling.</summary>
    public static void Gives(string expected, OpSpec row, TensorType[] operands, params (string, AttributeValue)[] attributes) =>
        Assert.Equal(expected, Assert.Single(Types(row, operands, attributes)).ToString());

    public static void Logic(OpSpec row, TensorType[] operands, params (string, AttributeValue)[] attributes) =>
        Assert.Equal(FailureClass.Logic, Assert.Throws<RuleException>(() => Types(row, operands, attributes)).Class);

    public static void Runtime(OpSpec row, TensorType[] operands, params (string, AttributeValue)[] attributes) =>
        Assert.Equal(FailureClass.Runtime, Assert.Throws<RuleException>(() => Types(row, operands, attributes)).Class);

    public static AttributeValue Ints(params long[] values) => values;
}
