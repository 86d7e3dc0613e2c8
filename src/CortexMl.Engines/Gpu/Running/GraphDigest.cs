using System.Security.Cryptography;
using System.Text;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Running;

/// <summary>
/// Names a graph by what it computes: types, operations, attributes and the content of constants; not by names or locations.
/// </summary>
internal static class GraphDigest
{
    /// <returns>Lower-case hexadecimal SHA-256.</returns>
    public static string Of(Graph graph)
    {
        var text = new StringBuilder();
        var numbers = new Dictionary<Value, int>();
        foreach (var input in graph.Inputs) text.Append($"input %{Number(input)} {input.Type.Element}{input.Type.Shape}\n");
        foreach (var operation in graph.Operations)
        {
            text.AppendJoin(", ", operation.Results.Select(r => $"%{Number(r)} {r.Type.Element}{r.Type.Shape}")).Append(" = ")
                .Append(operation.Spec.Name);
            text.Append('(').AppendJoin(", ", operation.Operands.Select(o => $"%{Number(o)}")).Append(") {");
            text.AppendJoin(", ", operation.Attributes.Select(a => $"{a.Key} = {a.Value}")).Append("} ").Append(operation.Constant?.Digest)
                .Append('\n');
        }
        text.Append("return ").AppendJoin(", ", graph.Outputs.Select(o => $"%{Number(o)}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));

        int Number(Value value) => numbers.TryGetValue(value, out int number) ? number : numbers[value] = numbers.Count;
    }
}
