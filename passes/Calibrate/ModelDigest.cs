using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Text;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Tells networks apart: SHA-256 over inputs, operations, names, shapes and the elements of every constant. The graph's own name,
/// thresholds and where things came from do not count, so a renamed model file still fits its calibration.
/// </summary>
public static class ModelDigest
{
    /// <summary><c>sha256:</c> and 64 lower-case hexadecimal digits.</summary>
    public static string Of(Graph graph)
    {
        var names = Names.Of(graph);
        string Name(Value value) => (value.IsConstant ? "@" : "%") + Quoted.Write(names[value]);
        string Typed(Value value) => $"{Name(value)}: {value.Type.Element}{value.Type.Shape}";

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
            text.Append(operation.Spec.Name).Append('(').AppendJoin(", ", operation.Operands.Select(Name)).Append(')');
            foreach (var (name, value) in operation.Attributes) text.Append(CultureInfo.InvariantCulture, $" {name}={value}");
            text.Append('\n');
        }
        text.AppendJoin(", ", graph.Outputs.Select(Name));
        return "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
