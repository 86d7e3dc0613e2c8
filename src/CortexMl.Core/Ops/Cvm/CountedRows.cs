using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Ops.Cvm;

//  %counts, %rows = cvm.get_valid_counts(%all)                %all: ids, the first column, at least 0
//  %some = cvm.clip(%counts) {a_min = 1, a_max = 400}
//  %kept = cvm.non_max_suppression(%rows, %some)              ids of the rows that it looks at: at least 0, or one row of -1
//
/// <summary>
/// What a range of all rows cannot tell: get_valid_counts fills up with rows of -1, but a suppression behind it looks only at those that
/// were counted. Where none was, a count of 1 shows it a single row of -1, which every device drops.
/// </summary>
internal static class CountedRows
{
    /// <summary>Columns that a suppression takes: the id is the first of them.</summary>
    private const int Id = 0, Columns = 2, Rows = 1;

    /// <summary>An overlap, in percent, that no two boxes have.</summary>
    private const long NoOverlap = 100;

    /// <summary>Whether every row that a suppression looks at has an id of at least 0, or is the only one.</summary>
    public static bool HaveIds(Operation suppression, IRanges ranges) => Counted(suppression, ranges) is not null;

    /// <summary>The get_valid_counts whose rows, the first ones or all, a suppression looks at; null where that is not known.</summary>
    private static Operation? Counted(Operation suppression, IRanges ranges)
    {
        if (Count(suppression.Operands[1]) is not { } count) return null;
        var source = suppression.Operands[0];
        if (source.Producer is { } counting && counting == count.Source)
            return source == counting.Results[1] && ranges[counting.Operands[0]].At(Columns, Id).Lo >= 0 ? counting : null;
        // The first rows of one that sorts and drops none: as many of them have an id as were counted.
        if (source.Producer is not { } cut || cut.Spec != CvmShape.StridedSlice || !IsHead(cut)) return null;
        if (cut.Operands[0].Producer is not { } sorting || sorting.Spec != CvmDetection.NonMaxSuppression || !DropsNone(sorting))
            return null;
        long most = Math.Min(count.Most, cut.Result.Type.Shape[Rows]);
        return Counted(sorting, ranges) == count.Source && Count(sorting.Operands[1])!.Value.Most >= most && Keeps(sorting, most)
            ? count.Source : null;
    }

    /// <summary>Of a count between 1 and a limit, where it comes from and the limit.</summary>
    private static (Operation Source, long Most)? Count(Value count) =>
        count.Producer is { } clip && clip.Spec == CvmUnary.Clip && clip.Int("a_min") == 1
        && clip.Operands[0].Producer is { } source && source.Spec == CvmDetection.GetValidCounts && clip.Operands[0] == source.Results[0]
            ? (source, clip.Int("a_max")) : null;

    private static bool DropsNone(Operation suppression) => suppression.Int("iou_threshold") > NoOverlap && suppression.Int("top_k") < 0;

    private static bool Keeps(Operation suppression, long rows) =>
        suppression.Int("max_output_size") is var size && (size < 0 || size >= rows);

    /// <summary>Whether a slice takes whole rows from the first on.</summary>
    private static bool IsHead(Operation slice)
    {
        var data = slice.Operands[0].Type.Shape;
        return data.Rank == 3 && slice.Result.Type.Shape == data.With(Rows, slice.Result.Type.Shape[Rows])
            && CvmSlice.Of(slice).All(along => along is { Begin: 0, Stride: 1 });
    }
}
