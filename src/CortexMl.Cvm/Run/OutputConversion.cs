using System.Buffers.Binary;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Cvm.Run;

/// <summary>Turns the heads into the bytes that the runtime returns (CortexMl.Cvm/SPECIFICATION.md §9).</summary>
public static class OutputConversion
{
    private const string ArgMax = "argmax", Detection = "detection";

    /// <summary>4 for precisions above 8 and where post-processing says so, else 1.</summary>
    public static int TypeSize(CvmModel model) =>
        model.Graph.Outputs.Max(o => o.Type.Precision) > 8 || model.Postprocess is ArgMax or Detection ? 4 : 1;

    /// <summary>Bytes of the output as the runtime reports them.</summary>
    public static long Length(CvmModel model)
    {
        var shapes = Shapes(model);
        return model.Postprocess switch
        {
            ArgMax => shapes.Sum(shape => 4 * Rows(shape)),
            Detection => (shapes[0].Rank < 2 ? 0 : shapes[0][^2]) * shapes.Sum(shape => (long)shape[^1]) * 4,
            _ => shapes.Sum(shape => shape.Count) * TypeSize(model),
        };
    }

    /// <summary>What makes every inference fail whatever the numbers are; null where nothing does.</summary>
    public static Diagnostic? Problem(CvmModel model)
    {
        var shapes = Shapes(model);
        if (model.Postprocess == ArgMax) return null;
        bool interleaved = model.Postprocess == Detection || shapes.Count > 1;
        if (!interleaved) return null;
        if (shapes.Count < 2) return Failure("post-processing detection needs two or more outputs, this model has one");
        if (shapes.Any(shape => Rows(shape) != Rows(shapes[0])))
            return Failure($"the outputs have different numbers of rows: {string.Join(", ", shapes)}");
        long written = Rows(shapes[0]) * shapes.Sum(shape => (long)shape[^1]) * TypeSize(model);
        if (written <= Length(model)) return null;
        return Failure($"post-processing detection reports {Counted.Of(Length(model), "byte")} of output but writes {written}");
    }

    /// <summary>Whether the reference leaves bytes of its output uninitialised: argmax of more than one row. They are 0 here.</summary>
    public static bool LeavesOutputUnwritten(CvmModel model) =>
        model.Postprocess == ArgMax && Shapes(model).Any(shape => shape[^1] > 1 && Rows(shape) > 1);

    /// <param name="heads">One tensor per output, in order.</param>
    /// <param name="bigEndian">Words of 4 bytes in the chain's byte order (CortexMl.Chain/SPECIFICATION.md §3).</param>
    /// <exception cref="DiagnosticException">CML0443, class logic: see <see cref="Problem"/>.</exception>
    public static byte[] ToBytes(CvmModel model, IReadOnlyList<Tensor<int>> heads, bool bigEndian = false)
    {
        if (Problem(model) is { } problem) throw new DiagnosticException([problem]);
        var output = new OutputBytes(Length(model), TypeSize(model), bigEndian);
        if (model.Postprocess == ArgMax)
        {
            foreach (var head in heads) WriteMaxima(head, output);
        }
        else
        {
            for (long row = 0; row < Rows(heads[0].Shape); row++)
                foreach (var head in heads) output.Write(Row(head, row));
        }
        return output.Bytes;
    }

    // The reference steps through the rows by the row length, not by one: right only for a single row. What it leaves unwritten is 0 here.
    private static void WriteMaxima(Tensor<int> head, OutputBytes output)
    {
        long rows = Rows(head.Shape), last = head.Shape[^1];
        for (long start = 0; start < rows; start += last)
        {
            int best = 0;
            for (int i = 1; i < last; i++)
                if ((sbyte)head.Data[start + i] > (sbyte)head.Data[start + best]) best = i;
            output.Write([best]);
        }
    }

    private static ReadOnlySpan<int> Row(Tensor<int> head, long row)
    {
        int length = head.Shape[^1];
        return head.Data.AsSpan(checked((int)(row * length)), length);
    }

    private static long Rows(Shape shape) => shape.Count / shape[^1];

    private static List<Shape> Shapes(CvmModel model) => [.. model.Graph.Outputs.Select(o => o.Type.Shape)];

    private static Diagnostic Failure(string message) =>
        new(CvmCodes.OutputHeads, Severity.Error, message, Class: FailureClass.Logic);

    /// <summary>A buffer that is filled from the front, 1 or 4 bytes per element.</summary>
    private sealed class OutputBytes(long length, int size, bool bigEndian)
    {
        private int _at;

        public byte[] Bytes { get; } = new byte[length];

        public void Write(ReadOnlySpan<int> elements)
        {
            foreach (int element in elements)
            {
                var place = Bytes.AsSpan(_at, size);
                if (size == 1) place[0] = unchecked((byte)element);
                else if (bigEndian) BinaryPrimitives.WriteInt32BigEndian(place, element);
                else BinaryPrimitives.WriteInt32LittleEndian(place, element);
                _at += size;
            }
        }
    }
}
