using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Numerics;

namespace CortexMl.Ir.Walks;

/// <summary>
/// Tells graphs apart: SHA-256 over inputs, operations, attributes, shapes and the elements of every constant. The graph's own name,
/// thresholds, scales and where things came from do not count.
/// </summary>
public static class GraphDigest
{
    /// <summary>
    /// Of a network whose values are known by their names, as a calibration file knows them; a renamed model file is the same network.
    /// </summary>
    /// <returns><c>sha256:</c> and 64 lower-case hexadecimal digits.</returns>
    public static string OfNamed(Graph graph)
    {
        var names = Names.Of(graph);
        return "sha256:" + Of(graph, value => (value.IsConstant ? "@" : "%") + Quoted.Write(names[value]));
    }

    /// <summary>Of what a graph computes, whatever its values are called.</summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string OfContent(Graph graph)
    {
        var numbers = new Dictionary<Value, string>();
        return Of(graph, value => numbers.TryGetValue(value, out string? number) ? number : numbers[value] = Numbers.Format(numbers.Count));
    }

    private static string Of(Graph graph, Func<Value, string> name)
    {
        string Typed(Value value) => $"{name(value)}: {value.Type.Element}{value.Type.Shape}";

        var text = new StringBuilder();
        text.AppendJoin(", ", graph.Inputs.Select(Typed)).Append('\n');
        foreach (var operation in graph.Operations)
        {
            text.AppendJoin(", ", operation.Results.Select(Typed)).Append(" = ");
            if (operation.Constant is { } constant)
            {
                text.Append(constant.Digest).Append('\n');
                continue;
            }
            text.Append(operation.Spec.Name).Append('(').AppendJoin(", ", operation.Operands.Select(name)).Append(')');
            foreach (var (attribute, value) in operation.Attributes) text.Append(CultureInfo.InvariantCulture, $" {attribute}={value}");
            text.Append('\n');
        }
        text.AppendJoin(", ", graph.Outputs.Select(name));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
