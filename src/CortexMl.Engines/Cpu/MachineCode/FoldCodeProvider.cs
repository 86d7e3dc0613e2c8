using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sources;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Cpu.Sweeps;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Maxima over windows, sums and maxima over the image, by code generated for them.</summary>
/// <param name="store">Where kernels of equal form are kept.</param>
internal sealed class FoldCodeProvider(CodeStore store) : KernelProvider
{
    /// <summary>Of windows of all sizes.</summary>
    private const long MostSteps = 1 << 16;

    public override int Tile => 1;

    public override bool Takes(KernelQuestion question) => question.Instructions.Code() is not null
        && FoldWindows.IsHead(question.Group) && question.Group.Others.Count() <= CodeArguments.MostOthers
        && AreFew(FoldWindows.Of(question.Group));

    public override Step Make(KernelParts parts)
    {
        var (data, set) = (parts.Data.Layout, parts.Instructions.Code()!.Value);
        var windows = FoldWindows.Of(parts.Group);
        List<(int Rows, int Columns)> sizes = [.. windows.Sizes];
        var places = sizes.Index().ToDictionary(size => size.Item, size => size.Index);
        var rectangles = windows.In(data);
        int[] starts = [.. rectangles.Select(window => window.Start)],
            shapes = [.. rectangles.Select(window => places[(window.Rows, window.Columns)])];
        var layer = new SpanLayer(parts, starts, shapes) { Windows = StepsOf(sizes, data) };
        bool sums = parts.Group.Head!.Spec == CvmReduce.Sum;
        var form = new CodeForm
        {
            Set = set, Tile = default, Data = data.Kind, Merged = 1, Stages = [], Result = default, ResultOffset = 0,
        };
        if (!sums && IsStoredAsItIs(parts))
        {
            var (codes, narrow) = Narrow(layer, set);
            return layer.Step(
                store, form with { Tile = narrow.Shape, Fold = new FoldForm(sums, codes.Bytes) }, narrow, isNarrow: true);
        }
        var tile = layer.Tile(set.Vectors());
        return layer.Step(store, form with { Tile = tile.Shape, Fold = new FoldForm(sums, Bytes: 0) }, tile);
    }

    private static bool AreFew(FoldWindows windows)
    {
        long steps = 0;
        foreach (var (rows, columns) in windows.Sizes)
        {
            if (rows < 1 || columns < 1) return false;
            steps += (long)rows * columns;
            if (steps > MostSteps) return false;
        }
        return true;
    }

    /// <summary>Whether the largest element is the result, in memory too, but for a clamp of bytes.</summary>
    private static bool IsStoredAsItIs(KernelParts parts)
    {
        PackedLayout data = parts.Data.Layout, result = parts.Result.Layout;
        if (data.Kind == ElementKind.Int || data.Kind != result.Kind || data.Offset != result.Offset) return false;
        return parts.Stages.Count == 0 || (parts.Stages.Count == 1 && data.Kind == ElementKind.Byte && OnlyClamps(parts.Stages[0], data));
    }

    /// <summary>Whether a stage does nothing but to take the offset off, which the store puts back, and to clamp.</summary>
    private static bool OnlyClamps(Stage stage, PackedLayout data) =>
        stage is { Other: null, Clamps: false, Multiply: null, FirstShift: 0, Rounding: 0, LastShift: 0, Lookup: null }
        && !stage.Add.Span[..data.View.Channels].ContainsAnyExcept(-data.Offset);

    /// <summary>The widest vectors that the elements fill.</summary>
    private static (VectorCodes Codes, SpanTile Tile) Narrow(SpanLayer layer, CodeSet set)
    {
        foreach (var codes in new[] { VectorCodes.Zmm, VectorCodes.Ymm, VectorCodes.Xmm })
        {
            if (codes.Bytes <= set.Vectors().Bytes && layer.NarrowTile(codes) is { } tile) return (codes, tile);
        }
        throw new InvalidOperationException("a block of channels fills no vector");
    }

    private static (Pinned<int> Steps, IReadOnlyList<(int Begin, int End)> OfShapes) StepsOf(
        List<(int Rows, int Columns)> sizes, PackedLayout data)
    {
        List<int> steps = [];
        List<(int Begin, int End)> places = [];
        foreach (var (rows, columns) in sizes)
        {
            int begin = steps.Count;
            for (int row = 0; row < rows; row++)
                for (int column = 0; column < columns; column++) steps.Add((row * data.RowBytes) + (column * data.PixelBytes));
            places.Add((begin * sizeof(int), steps.Count * sizeof(int)));
        }
        return (new Pinned<int>([.. steps]), places);
    }
}
