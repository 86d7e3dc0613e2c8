using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using Range = (int From, int To);

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>A pixel's window of data pixels, cut at the edges of the image.</summary>
/// <param name="Start">Byte offset of its first pixel.</param>
internal readonly record struct Rectangle(int Start, int Rows, int Columns);

/// <summary>What the result pixels of a pool, or of a sum or maximum over the image, look at.</summary>
internal sealed class FoldWindows
{
    private readonly View _result;
    private readonly Func<int, Range> _rows, _columns;

    private FoldWindows(View result, Func<int, Range> rows, Func<int, Range> columns) =>
        (_result, _rows, _columns) = (result, rows, columns);

    /// <param name="group">Whose head is one of these.</param>
    public static FoldWindows Of(Group group)
    {
        View view = group.View, result = group.ResultView;
        if (group.Head!.Spec != CvmPool.MaxPool2D)
            return new(result with { Height = 1, Width = 1 }, _ => (0, view.Height), _ => (0, view.Width));
        var window = SlidingWindow.Of(group.Head);
        return new(result, i => window.Rows.Cover(i, view.Height), j => window.Columns.Cover(j, view.Width));
    }

    public static bool IsHead(Group group) => group.Head is { } head
        && (head.Spec == CvmPool.MaxPool2D || head.Spec == CvmReduce.Sum || head.Spec == CvmReduce.Max);

    /// <summary>Rows and columns of the windows, each size once.</summary>
    public IEnumerable<(int Rows, int Columns)> Sizes =>
        from rows in Lengths(_rows, _result.Height)
        from columns in Lengths(_columns, _result.Width)
        select (rows, columns);

    /// <summary>The window of every result pixel.</summary>
    public Rectangle[] In(PackedLayout data)
    {
        int[] starts = data.Offsets(_result.Height, _result.Width, (i, j) => (_rows(i).From, _columns(j).From));
        var rectangles = new Rectangle[starts.Length];
        for (int p = 0; p < starts.Length; p++)
        {
            var (row, column) = (_rows(p / _result.Width % _result.Height), _columns(p % _result.Width));
            rectangles[p] = new Rectangle(starts[p], row.To - row.From, column.To - column.From);
        }
        return rectangles;
    }

    private static List<int> Lengths(Func<int, Range> windows, int count) =>
        [.. Enumerable.Range(0, count).Select(windows).Select(range => range.To - range.From).Distinct()];
}
