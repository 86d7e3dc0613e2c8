using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>
/// The tail of detectors. Rows are sorted and moved to the front by TopK, which of equal ones takes the first; so ONNX defines it.
/// </summary>
internal static class ExactDetections
{
    /// <summary>Corners within it have edges below 2^27 and areas whose hundredfold sum fits 64 bits.</summary>
    private const long LargestCorner = 1 << 26;

    private const int Rows = 1, Columns = 2, Id = 0, Score = 1, FirstCorner = 2, LastCorner = 4, CornerSize = 2;

    public static IReadOnlyDictionary<OpSpec, ExactForm> All { get; } = new Dictionary<OpSpec, ExactForm>
    {
        [CvmDetection.GetValidCounts] = new("Greater, ReduceSum, TopK, GatherElements", ValidCounts),
        [CvmDetection.NonMaxSuppression] = new("TopK, GatherElements, Loop", Suppression) { WhyNot = WhyNot },
    };

    private static void ValidCounts(ExactRow row)
    {
        var data = row.ShapeOf(0);
        string scores = Column(row, row.Operand(0), Score);
        string isCounted = row.Step("Greater", [scores, row.Number(row.Op.Int("score_threshold"), DataType.Int32)]);
        string counted = row.From(isCounted, DataType.Bool).To(DataType.Int32).Step();
        row.EmitResult(0, "ReduceSum", [counted, row.Ints(Rows)], Attribute("keepdims", 0));
        row.EmitResult(1, "Where", [.. InFront(row, row.Operand(0), counted, data), row.Number(-1, DataType.Int32)]);
    }

    private static void Suppression(ExactRow row)
    {
        Shape data = row.ShapeOf(0);
        int best = row.Op.Int("top_k") is >= 0 and var k && k < data[Rows] ? (int)k : data[Rows];
        int most = row.Op.Int("max_output_size") is >= 0 and var m && m < best ? (int)m : best;
        if (most == 0)
        {
            row.Emit("Expand", [row.Number(-1, DataType.Int32), row.Dims(data)]);
            return;
        }
        var looked = data.With(Rows, best);
        var (rows, isSeen) = BestRows(row, looked);
        string kept = row.Loop(best, isSeen, looked.Remove(Columns), DataType.Bool, new Overlaps(row, rows, best).Round);
        string front = row.Step("Where",
            [.. InFront(row, rows, row.From(kept, DataType.Bool).To(DataType.Int32).Step(), looked), row.Number(-1, DataType.Int32)]);
        if (most < best) front = row.Slice(front, Rows, 0, most);
        row.Emit("Pad", [front, row.Ints(0, 0, 0, 0, data[Rows] - most, 0), row.Number(-1, DataType.Int32)]);
    }

    /// <summary>The rows by descending score, those that do not count last; and which of them count and have an id of at least 0.</summary>
    /// <param name="shape">Of the result: as many rows as shall be looked at.</param>
    private static (string Rows, string IsSeen) BestRows(ExactRow row, Shape shape)
    {
        const int BeyondScores = 33;
        string count = row.Step("Unsqueeze", [row.Operand(1), row.Ints(1)]);
        string scores = row.From(Column(row, row.Operand(0), Score), DataType.Int32).To(DataType.Int64).Step();
        string counts = row.Step("Less", [Places(row, row.ShapeOf(0)[Rows]), count]);
        string keys = row.Step("Where", [counts, scores, row.Number(-(1L << BeyondScores), DataType.Int64)]);
        string order = row.Steps("TopK", [keys, row.Ints(shape[Rows])], 2, Attribute("axis", Rows))[1];
        string rows = Ordered(row, row.Operand(0), order, shape);
        string hasId = row.Step("GreaterOrEqual", [Column(row, rows, Id), row.Number(0, DataType.Int32)]);
        return (rows, row.Step("And", [row.Step("Less", [Places(row, shape[Rows]), count]), hasId]));
    }

    /// <summary>
    /// Operands of a Where: whether a row stands at a place, and the rows with a mark of 1 before the others, in their order.
    /// </summary>
    /// <param name="marks">1 or 0 for each row.</param>
    private static string[] InFront(ExactRow row, string rows, string marks, Shape shape)
    {
        string[] sorted = row.Steps("TopK", [marks, row.Ints(shape[Rows])], 2, Attribute("axis", Rows));
        string isRow = row.From(sorted[0], DataType.Int32).To(DataType.Bool).Then("Unsqueeze", [row.Ints(Columns)]).Step();
        return [isRow, Ordered(row, rows, sorted[1], shape)];
    }

    /// <param name="order">Of each row of the result its place among the rows.</param>
    private static string Ordered(ExactRow row, string rows, string order, Shape shape)
    {
        string places = row.Step("Expand", [row.Step("Unsqueeze", [order, row.Ints(Columns)]), row.Dims(shape)]);
        return row.Step("GatherElements", [rows, places], Attribute("axis", Rows));
    }

    private static string Places(ExactRow row, int count) => row.Numbers([.. Enumerable.Range(0, count)]);

    /// <summary>A column of the rows, for each batch.</summary>
    private static string Column(ExactRow row, string rows, int column) =>
        row.Step("Squeeze", [row.Slice(rows, Columns, column, 1), row.Ints(Columns)]);

    private static string? WhyNot(Operation operation, Intervals ranges)
    {
        var rows = ranges[operation.Operands[0]];
        var range = Enumerable.Range(FirstCorner, 2 * CornerSize).Select(column => rows.At(Columns, column)).Aggregate((a, b) => a.Hull(b));
        return range.Magnitude <= LargestCorner ? null : $"areas of boxes whose corners are {range} can exceed 64 bits";
    }

    /// <summary>What a round of the suppression does: a row that is kept drops those behind it that overlap it.</summary>
    private sealed class Overlaps
    {
        private readonly ExactRow _row;
        private readonly string _ids, _first, _last, _areas, _places;

        public Overlaps(ExactRow row, string rows, int count)
        {
            string wide = row.From(rows, DataType.Int32).To(DataType.Int64).Step();
            (_row, _ids) = (row, Column(row, rows, Id));
            (_first, _last) = (row.Slice(wide, Columns, FirstCorner, CornerSize), row.Slice(wide, Columns, LastCorner, CornerSize));
            (_areas, _places) = (Area(row.Step("Sub", [_last, _first])), row.Ints([.. Enumerable.Range(0, count)]));
        }

        public string Round(string round, string kept)
        {
            string at = _row.Step("Unsqueeze", [round, _row.Ints(0)]);
            string drops = _row.Step("And", [IsCovered(at), _row.Step("Greater", [_places, round])]);
            drops = _row.Step("And", [drops, Own(kept, at)]);
            return _row.Step("And", [kept, _row.Step("Not", [drops])]);
        }

        //  100 · common / (sum - common) ≥ threshold, where sum and union are above 0, and ids are equal or do not matter
        private string IsCovered(string at)
        {
            string none = _row.Number(0, DataType.Int64);
            string last = _row.Step("Min", [_last, Own(_last, at)]), first = _row.Step("Max", [_first, Own(_first, at)]);
            string common = Area(_row.Step("Max", [_row.Step("Sub", [last, first]), none]));
            string sum = _row.Step("Add", [_areas, Own(_areas, at)]), union = _row.Step("Sub", [sum, common]);
            string isArea = _row.Step("And", [_row.Step("Greater", [sum, none]), _row.Step("Greater", [union, none])]);
            string share = _row.From(common, DataType.Int64).Mul(100)
                .Then("Div", [_row.Step("Where", [isArea, union, _row.Number(1, DataType.Int64)])]).Step();
            string most = _row.Number(_row.Op.Int("iou_threshold"), DataType.Int64);
            string covers = _row.Step("And", [isArea, _row.Step("GreaterOrEqual", [share, most])]);
            return _row.Op.Bool("force_suppress") ? covers
                : _row.Step("And", [covers, _row.Step("Equal", [_ids, Own(_ids, at)])]);
        }

        /// <summary>What stands at the round's own place.</summary>
        private string Own(string tensor, string at) => _row.Step("Gather", [tensor, at], Attribute("axis", Rows));

        private string Area(string edges) => _row.Step("ReduceProd", [edges], Attribute("axes", [Columns]), Attribute("keepdims", 0));
    }
}
