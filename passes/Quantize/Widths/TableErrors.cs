using CortexMl.Ir;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Tables;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>What the steps of lookup tables make wrong at the tables' results.</summary>
internal sealed class TableErrors
{
    private readonly List<IReadOnlyList<Tensor<float>>> _values = [];

    /// <param name="graph">Calibrated.</param>
    /// <param name="widths">Of its tables; none where nothing is to be known of them.</param>
    public TableErrors(Graph graph, IReadOnlyList<TableWidth> widths, IReadOnlyList<Sample> samples, IFloatEvaluator evaluator)
    {
        Widths = widths;
        Operations = widths is [var usual, ..] ? [.. usual.Tables.Select(t => t.Operation)] : [];
        if (Operations.Count == 0) return;
        using var network = evaluator.Prepare(graph, [.. Operations.Select(o => o.Operands[0])]);
        _values.AddRange(samples.Select(sample => network.Run(sample.Inputs)));
    }

    public IReadOnlyList<TableWidth> Widths { get; }

    /// <summary>That become tables.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <param name="width">Place in <see cref="Widths"/>.</param>
    /// <param name="sample">Place among the samples.</param>
    /// <returns>The error of every operation's result, in its shape.</returns>
    public IEnumerable<Tensor<float>> Of(int width, int sample) =>
        Operations.Count == 0 ? [] : Widths[width].Tables.Zip(_values[sample], Error);

    private static Tensor<float> Error(LookupTable table, Tensor<float> values)
    {
        var error = Tensor.Zeros<float>(table.Operation.Result.Type.Shape);
        for (int i = 0; i < error.Length; i++)
        {
            double exact = table.Function(values.Data[i]);
            if (double.IsFinite(exact)) error.Data[i] = (float)(table.At(values.Data[i]) - exact);
        }
        return error;
    }
}
