using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>A convolution or dense layer as kernels read it: columns of channels, each with its steps and their weights.</summary>
/// <param name="lanes">Of 32 bits of a pixel, that a step multiplies.</param>
internal sealed class ProductLayer(KernelParts parts, int lanes)
{
    private readonly int _lane = sizeof(int) / (int)parts.Data.Layout.Kind;

    private PackedLayout Data => parts.Data.Layout;

    private int StepElements => lanes * _lane;

    /// <summary>Steps of a column of so many channels.</summary>
    public int StepsOf(int channels) =>
        TapRuns.Steps(Data, parts.Group.Addresses, parts.Group.Grouping.By(channels).Span, _lane, StepElements);

    /// <summary>Byte offset in the data of every result pixel.</summary>
    public Pinned<int> Pixels() => parts.Group.Addresses.Starts(Data);

    /// <param name="merged">Steps that are taken together, at most.</param>
    public ColumnWeights Weights(int channels, int merged)
    {
        var constant = parts.Group.Head!.Operands[1].Constant!;
        var form = new ColumnForm(
            PackedForm.Of(RunsOf(channels), parts.Group.Grouping.By(channels), parts.Group.Addresses, _lane),
            merged > 1 ? Data.Highest : 0, merged, lanes);
        return parts.Weights.Get(constant, form, () => ColumnWeights.Pack(constant, form));
    }

    public IEnumerable<CodeColumn> Columns(ColumnWeights weights, int channels)
    {
        var grouping = parts.Group.Grouping.By(channels);
        int step = 0, index = 0;
        foreach (var (column, start) in weights.Columns.Zip(grouping.Starts))
        {
            yield return new CodeColumn(index++ * grouping.Block, start * (int)Data.Kind, column.Start, step, column.Counts);
            step += column.Steps.Length;
        }
    }

    /// <summary>Byte offsets from a pixel of all columns' steps.</summary>
    public Pinned<int> Steps(ColumnWeights weights, int channels)
    {
        var runs = RunsOf(channels);
        int perRun = runs.Length / StepElements;
        return new Pinned<int>([.. weights.Columns.SelectMany(column => column.Steps)
            .Select(step => runs.Runs.Span[step / perRun] + (step % perRun * lanes * sizeof(int)))]);
    }

    /// <summary>Runs of whole steps.</summary>
    private TapRuns RunsOf(int channels)
    {
        var runs = TapRuns.Of(Data, parts.Group.Addresses, parts.Group.Grouping.By(channels).Span, _lane);
        return runs with { Length = (runs.Length + StepElements - 1) / StepElements * StepElements };
    }
}
