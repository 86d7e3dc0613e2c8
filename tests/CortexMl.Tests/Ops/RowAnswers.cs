using System.Text.RegularExpressions;
using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Interpreter;
using CortexMl.Frontends.Onnx;
using CortexMl.Frontends.Onnx.Exact;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tests.Engines;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Ops;

/// <summary>What the rest of the project asks of a row: answered, an operator can be used everywhere.</summary>
internal static class RowAnswers
{
    private sealed record Question(string Answer, Func<OpSpec, bool> IsAnswered);

    /// <summary>The operators of the specification's summary.</summary>
    public static IReadOnlyList<string> Specified { get; } =
        [.. Summary().SelectMany(line => line.Split('|')[1].Split(',')).Select(name => name.Trim())];

    private static readonly Question[] s_any =
    [
        new("its family in OpTable.Families", row => OpTable.Find(row.Name) == row),
        new("a line about itself, each operand and each attribute",
            row => row.Operands.Select(o => o.Doc).Concat(row.Attributes.Select(a => a.Doc)).Append(row.Doc).All(doc => doc.Length > 0)),
    ];

    private static readonly Question[] s_float =
    [
        new("a kernel in passes/Prepare/Folding", NaiveKernels.Has),
        new("its form in ONNX, in src/CortexMl.Frontends/Onnx", OnnxExporter.Supports),
    ];

    private static readonly Question[] s_integer =
    [
        new("a range for each result, or Moves", row => row.Ranges.Count == row.Results || row.Is(OpTraits.Moves)),
    ];

    private static readonly Question[] s_cvm =
    [
        new("cvm. and its name in the CVM as its name", row => row.Name == "cvm." + row.CvmName),
        new("a line in the table of src/CortexMl.Cvm/SPECIFICATION.md §8.1", row => Specified.Contains(row.CvmName)),
        new("a kernel of the interpreter", row => KernelTable.Find(row) is not null),
        new("a kernel for devices, in Gpu/Generation", row => OperatorGenerators.Find(row) is not null),
        new("its exact form in ONNX, in src/CortexMl.Frontends/Onnx/Exact", ExactExporter.Supports),
        new("vectors in golden/cvm, made by tools/vectors", row => Directory.Exists(Repository.Path("golden", "cvm", "op_" + row.CvmName))
            || Directory.EnumerateDirectories(Repository.Path("golden", "cvm"), $"op_{row.CvmName}_*").Any()),
        new("a step of random graphs, in CortexMl.RandomGraphs/Generators", RandomGraphs.OperatorGenerator.Rows.Contains),
        new("as many results as it says, in OperatorGraphs", row => OperatorGraphs.Of(row, seed: 1).Outputs.Count == row.Results),
    ];

    /// <summary>What the row has yet to answer, in the order in which one would.</summary>
    public static IReadOnlyList<string> Missing(OpSpec row)
    {
        Question[] asked = row.Levels.HasFlag(Level.Float) ? [.. s_any, .. s_float]
            : row.Levels.HasFlag(Level.Cvm) ? [.. s_any, .. s_integer, .. s_cvm] : [.. s_any, .. s_integer];
        return [.. asked.Where(question => !question.IsAnswered(row)).Select(question => question.Answer)];
    }

    private static IEnumerable<string> Summary()
    {
        string text = File.ReadAllText(Repository.Path("src", "CortexMl.Cvm", "SPECIFICATION.md"));
        int from = text.IndexOf("### 8.1 ", StringComparison.Ordinal), to = text.IndexOf("### 8.2 ", StringComparison.Ordinal);
        return text[from..to].Split('\n').Where(line => Regex.IsMatch(line, @"^\| [a-z]\w*(, \w+)* \| [0-9n]"));
    }
}
