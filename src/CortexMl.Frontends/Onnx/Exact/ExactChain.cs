using CortexMl.Frontends.Onnx.Export;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir.Ranges;
using CortexMl.Tensors;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>
/// Nodes one behind the other, each with what the one before made as its first operand: <c>row.Chain(0).Add(8).Div(16).Emit()</c>. What
/// changes nothing is left out.
/// </summary>
internal sealed class ExactChain(ExactRow row, string start, DataType type)
{
    private readonly List<(string Type, IReadOnlyList<string> More, IReadOnlyList<AttributeProto> Attributes)> _links = [];
    private DataType _type = type;

    public ExactChain Then(string type, IReadOnlyList<string> more, params IReadOnlyList<AttributeProto> attributes)
    {
        _links.Add((type, more, attributes));
        return this;
    }

    public ExactChain Then(string type, params IReadOnlyList<AttributeProto> attributes) => Then(type, [], attributes);

    public ExactChain Add(long number) => number == 0 ? this : Then("Add", [row.Number(number, _type)]);

    public ExactChain Mul(long number) => Then("Mul", [row.Number(number, _type)]);

    /// <summary>Truncated toward zero.</summary>
    public ExactChain Div(long number) => Then("Div", [row.Number(number, _type)]);

    /// <summary>From int64 to int32 the low 32 bits are kept: so ONNX defines it.</summary>
    public ExactChain To(DataType type)
    {
        if (type == _type) return this;
        _type = type;
        return Then("Cast", OnnxRow.Attribute("to", (long)type));
    }

    /// <param name="known">What the numbers are known to be.</param>
    public ExactChain Clamp(Interval known, long lo, long hi) =>
        known.IsWithin(lo, hi) ? this : Then("Clip", [row.Number(lo, _type), row.Number(hi, _type)]);

    public ExactChain Reshape(Shape from, Shape to) => from == to ? this : Then("Reshape", [row.Dims(to)]);

    /// <summary>The end of the chain is a result of the operation.</summary>
    public void Emit(int result = 0)
    {
        if (_links.Count == 0) Then("Identity");
        string tensor = Steps(_links.Count - 1);
        var (type, more, attributes) = _links[^1];
        row.EmitResult(result, type, [tensor, .. more], attributes);
    }

    /// <summary>The end of the chain is a tensor on the way; its name is returned.</summary>
    public string Step() => Steps(_links.Count);

    private string Steps(int count)
    {
        string tensor = start;
        foreach (var (type, more, attributes) in _links.Take(count)) tensor = row.Step(type, [tensor, .. more], attributes);
        return tensor;
    }
}
