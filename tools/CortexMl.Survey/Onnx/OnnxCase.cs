using CortexMl.Diagnostics;
using CortexMl.Float;
using CortexMl.Frontends;
using CortexMl.Frontends.Onnx;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Survey.Onnx;

/// <summary>One case of the ONNX project's test data: model.onnx, and folders with inputs and the outputs that they must give.</summary>
public sealed class OnnxCase(string folder)
{
    private const int OperatorsShown = 3;

    private string Model => Path.Combine(folder, "model.onnx");

    /// <summary>Every folder below that holds a case, by name.</summary>
    public static IEnumerable<OnnxCase> Find(string root) =>
        Directory.EnumerateFiles(root, "model.onnx", SearchOption.AllDirectories).Select(f => Path.GetDirectoryName(f)!)
            .Where(f => Directory.Exists(Path.Combine(f, "test_data_set_0"))).Order(StringComparer.Ordinal).Select(f => new OnnxCase(f));

    /// <summary>
    /// Imports with every input but the first fixed, and where that is refused with all of them fixed; runs our export; compares.
    /// </summary>
    public CaseResult Run()
    {
        string name = Path.GetFileName(folder), operators = "?";
        try
        {
            var summary = OnnxSummary.Read(Model);
            operators = string.Join("+", summary.Operators.Keys.Order(StringComparer.Ordinal).Take(OperatorsShown));
            foreach (string data in Directory.EnumerateDirectories(folder, "test_data_set_*").Order(StringComparer.Ordinal))
            {
                var (graph, isConstant) = Import(summary, data);
                if (Difference(graph, data) is { } difference) return new(name, operators, Outcome.Failed, difference);
                if (isConstant) return new(name, operators, Outcome.AgreesOnConstants, "");
            }
            return new(name, operators, Outcome.Agrees, "");
        }
        catch (DiagnosticException error)
        {
            bool isOurs = error.Diagnostics.All(d =>
                d.Code.StartsWith("CML01", StringComparison.Ordinal) || d.Code.StartsWith("CML02", StringComparison.Ordinal));
            return new(name, operators, isOurs ? Outcome.Refused : Outcome.Failed, error.Diagnostics[0].Message);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return new(name, operators, Outcome.Failed, error.ToString());
        }
    }

    private (Graph Graph, bool IsConstant) Import(OnnxSummary summary, string data)
    {
        try
        {
            return (OnnxImporter.Import(Model, Options(summary, data, first: 1)), false);
        }
        catch (DiagnosticException) when (summary.Inputs.Count > 0)
        {
            try
            {
                return (OnnxImporter.Import(Model, Options(summary, data, first: 0)), true);
            }
            catch (DiagnosticException)
            {
                // The first answer says more.
            }
            throw;
        }
    }

    /// <summary>The shape of the first input as the data have it, and files for those from <paramref name="first"/> on.</summary>
    private static ImportOptions Options(OnnxSummary summary, string data, int first)
    {
        string[] files = [.. Enumerable.Range(0, summary.Inputs.Count).Select(i => Path.Combine(data, $"input_{i}.pb"))];
        var shapes =
            files.Take(first).ToDictionary(f => summary.Inputs[Array.IndexOf(files, f)], f => OnnxSummary.ReadTensor(f).Tensor.Shape);
        return new()
        {
            InputShapes = shapes, Bindings = files.Select((f, i) => (f, i)).Skip(first).ToDictionary(p => summary.Inputs[p.i], p => p.f),
        };
    }

    private static string? Difference(Graph graph, string data)
    {
        Tensor<float>[] inputs =
            [.. graph.Inputs.Select((_, i) => OnnxSummary.ReadTensor(Path.Combine(data, $"input_{i}.pb")).Tensor.ToFloat())];
        using var session = FloatEvaluator.Calibration.Prepare(graph, graph.Outputs);
        var found = session.Run(inputs);
        for (int i = 0; i < found.Count; i++)
        {
            var (expected, type) = OnnxSummary.ReadTensor(Path.Combine(data, $"output_{i}.pb"));
            var result = Unpadded(found[i], expected.Shape);
            if (expected.Shape != result.Shape) return $"output {i} is {result.Shape}, expected {expected.Shape}";
            if (Closeness.Difference(expected, type, result) is { } difference) return $"output {i}: {difference}";
        }
        return null;
    }

    /// <summary>Rows that are there: where their number depends on the data, we have as many as may be, and -1 in the others.</summary>
    private static Tensor<float> Unpadded(Tensor<float> found, Shape expected)
    {
        if (expected.Rank != 2 || found.Shape.Rank != 2 || found.Shape[0] <= expected[0]) return found;
        int width = found.Shape[1];
        float[][] rows = [.. found.Data.Chunk(width).Where(row => !Array.TrueForAll(row, v => v == -1))];
        return Tensor.Create(Shape.Of(rows.Length, width), [.. rows.SelectMany(row => row)]);
    }
}
