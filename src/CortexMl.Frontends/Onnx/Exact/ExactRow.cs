using CortexMl.Frontends.Onnx.Export;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Tensors;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>One operation being written: its operands in the form that is asked for, and nodes whose last one makes its result.</summary>
internal sealed class ExactRow(ExactWriter writer, Operation operation)
{
    public Operation Op => operation;

    public Shape ResultShape => operation.Result.Type.Shape;

    /// <summary>Whether an exact result may be beyond 32 bits, so that the CVM keeps the low ones.</summary>
    public bool Wraps => writer.Wraps(operation);

    /// <summary>The names of all operands, in int32.</summary>
    public string[] Operands => [.. operation.Operands.Select(operand => writer[operand])];

    public string Operand(int index) => writer[operation.Operands[index]];

    public string Operand(int index, DataType type) => type == DataType.Int64 ? writer.Wide(operation.Operands[index]) : Operand(index);

    public ByteTensor Bytes(int index) => writer.Bytes(operation.Operands[index]);

    public Shape ShapeOf(int index) => operation.Operands[index].Type.Shape;

    /// <summary>Which integers an operand can hold.</summary>
    public Interval Range(int index) => writer.Range(operation.Operands[index]);

    /// <summary>A chain that starts with an operand, in int64 where 32 bits could overflow on the way.</summary>
    public ExactChain Chain(int index, bool isWide = false)
    {
        var type = isWide ? DataType.Int64 : DataType.Int32;
        return new ExactChain(this, Operand(index, type), type);
    }

    /// <summary>A chain that starts with a tensor.</summary>
    public ExactChain From(string tensor, DataType type) => new(this, tensor, type);

    /// <summary>The node whose output is the operation's result.</summary>
    public void Emit(string type, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes) =>
        EmitResult(0, type, inputs, attributes);

    /// <summary>The node whose output is one of the operation's results.</summary>
    public void EmitResult(int result, string type, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes) =>
        writer.Node(type, inputs, writer[operation.Results[result]], attributes);

    /// <summary>A node on the way there; its output has a fresh name, which is returned.</summary>
    public string Step(string type, IReadOnlyList<string> inputs, params IReadOnlyList<AttributeProto> attributes)
    {
        string output = writer.Free(writer[operation.Results[0]]);
        writer.Node(type, inputs, output, attributes);
        return output;
    }

    /// <summary>A node of several outputs, whose fresh names are returned.</summary>
    public string[] Steps(string type, IReadOnlyList<string> inputs, int outputs, params IReadOnlyList<AttributeProto> attributes)
    {
        string[] names = [.. Enumerable.Range(0, outputs).Select(_ => writer.Free(writer[operation.Results[0]]))];
        writer.Node(type, inputs, names, attributes);
        return names;
    }

    /// <summary>A Loop of so many rounds that carries one tensor along; the name of the last one is returned.</summary>
    /// <inheritdoc cref="ExactWriter.Body"/>
    public string Loop(int rounds, string start, Shape shape, DataType type, Func<string, string, string> next)
    {
        const string Always = "";
        return Step("Loop", [Number(rounds, DataType.Int64), Always, start], writer.Body(writer[operation.Results[0]], shape, type, next));
    }

    /// <inheritdoc cref="ExactWriter.Number"/>
    public string Number(long number, DataType type) => writer.Number(number, type);

    /// <summary>Axes, indices and the like: a tensor of rank 1 in int64.</summary>
    public string Ints(params ReadOnlySpan<long> numbers) => writer.List(writer[operation.Results[0]], numbers);

    /// <summary>The shape as an operand.</summary>
    public string Dims(Shape shape) => Ints([.. shape.Select(d => (long)d)]);

    /// <summary>Operands in int32 in a list.</summary>
    public string Numbers(params ReadOnlySpan<int> numbers) => writer.List(writer[operation.Results[0]], numbers);

    /// <summary>Every stride-th of the elements of an axis, so many of them.</summary>
    public string Slice(string tensor, int axis, long begin, long count, long stride = 1) => Step(
        "Slice", [tensor, Ints(begin), Ints(begin + ((count - 1) * stride) + 1), Ints(axis), Ints(stride)]);
}
