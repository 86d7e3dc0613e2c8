using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  slice(x, [s], [s + 3])   ⇒   take(x, s + [0, 1, 2])
/// <summary>
/// Slices of constant length whose place comes with the data: where an end is a start and a constant, the length is that constant.
/// </summary>
internal static class OnnxMovingSlices
{
    /// <summary>Operations looked through from a start or an end to what both are made of.</summary>
    private const int Deepest = 64;

    /// <summary>Whether a start or an end is computed from the network's input.</summary>
    public static bool Is(OnnxNode n) => n.Opset >= 10 && n.Has(1) && n.Has(2) && (n.Known(1) is null || n.Known(2) is null);

    public static Entry[] Import(OnnxNode n)
    {
        int count = (int)n.Shape(1).Count;
        if (n.Shape(2).Count != count) throw n.Mismatch("starts and ends have different lengths");
        int[] axes = n.Axes(n.Has(3) ? n.Longs(3, "axes") : [.. Enumerable.Range(0, count).Select(i => (long)i)], n.Rank);
        long[] steps = n.Has(4) ? n.Longs(4, "steps") : [.. Enumerable.Repeat(1L, count)];
        if (axes.Length != count || steps.Length != count) throw n.Mismatch("starts, ends, axes and steps have different lengths");
        n.Note("where it cuts comes with the data: what would lie outside is read as the element at that end");
        var data = n.AnyData();
        for (int i = 0; i < count; i++)
        {
            var places = Places(n, i, axes[i], steps[i]);
            data = i == count - 1 ? n.Emit(NnLookup.Take, [data, places], ("axis", axes[i]))
                : n.Step($"axis{axes[i]}", NnLookup.Take, [data, places], ("axis", axes[i]));
        }
        return n.Moved(data, n.Input());
    }

    /// <summary>The indices that are cut out of an axis.</summary>
    private static Value Places(OnnxNode n, int at, int axis, long step)
    {
        int size = n.Shape()[axis];
        MovingPlace start = MovingPlace.Of(n.AnyData(1), at), end = MovingPlace.Of(n.AnyData(2), at);
        if (start.Base is null && end.Base is null)
        {
            // Both known, beside an axis on which they are not: as ONNX's rules have it.
            start = new(null, 0, Math.Clamp(start.Offset < 0 ? start.Offset + size : start.Offset, 0, size));
            end = new(null, 0, Math.Clamp(end.Offset < 0 ? end.Offset + size : end.Offset, 0, size));
        }
        if (start.Base != end.Base || start.Element != end.Element)
            throw n.Refused("how much it cuts depends on the network's input", "an end that is its start and a constant is supported");
        if (step < 1) throw n.Refused($"it goes backwards from where it starts, by {step}", "steps of 1 and more are supported");
        double length = Math.Ceiling((end.Offset - start.Offset) / step);
        if (!(length >= 1 && length <= size)) throw n.Mismatch($"it cuts {length} of {Counted.Of(size, "element")}");
        float[] offsets = [.. Enumerable.Range(0, (int)length).Select(k => (float)(start.Offset + k * step))];
        var steps = n.Floats($"axis{axis}.offsets", Tensor.Vector(offsets));
        if (start.Base is not { } from) return steps;
        if (from.Type.Shape.Count > 1)
            from = n.Step($"axis{axis}.from", NnShape.Slice, [Row(n, axis, from)], ("begin", new[] { start.Element }),
                ("end", new[] { start.Element + 1 }), ("strides", new[] { 1 }));
        return n.Step($"axis{axis}.places", NnBinary.Add, [Row(n, axis, from), steps]);
    }

    private static Value Row(OnnxNode n, int axis, Value value) =>
        n.Reshaped($"axis{axis}.row", value, Shape.Of((int)value.Type.Shape.Count));

    /// <summary>A number of the graph as an element of another value and a constant; without the value it is the constant.</summary>
    private sealed record MovingPlace(Value? Base, int Element, double Offset)
    {
        public static MovingPlace Of(Value value, int element, double offset = 0, int depth = Deepest)
        {
            if (value.Constant is { } constant) return new(null, 0, offset + constant.Tensor.GetDouble(element));
            if (depth == 0 || value.Producer is not { } op) return new(value, element, offset);
            if (op.Operands.Count == 1 && (op.Spec.Traits & OpTraits.Reshapes) != 0) return Of(op.Operands[0], element, offset, depth - 1);
            if (op.Spec == NnShape.Concat && value.Type.Shape.Rank == 1) return Part(op, element, offset, depth);
            double sign = op.Spec == NnBinary.Sub ? -1 : 1;
            if (op.Spec != NnBinary.Add && op.Spec != NnBinary.Sub) return new(value, element, offset);
            if (Addend(op.Operands[1], value, element) is { } behind && Next(0, offset + sign * behind) is { } first) return first;
            if (sign > 0 && Addend(op.Operands[0], value, element) is { } before && Next(1, offset + before) is { } second) return second;
            return new(value, element, offset);

            MovingPlace? Next(int operand, double sum)
            {
                var next = op.Operands[operand];
                return next.Type.Shape.Count == 1 ? Of(next, 0, sum, depth - 1)
                    : next.Type.Shape.Count == value.Type.Shape.Count ? Of(next, element, sum, depth - 1) : null;
            }
        }

        private static MovingPlace Part(Operation concat, int element, double offset, int depth)
        {
            foreach (var part in concat.Operands)
            {
                int length = (int)part.Type.Shape.Count;
                if (element < length) return Of(part, element, offset, depth - 1);
                element -= length;
            }
            throw new InvalidOperationException("an element lies outside its concatenation");
        }

        /// <summary>What a constant adds to an element; null where it is none, or broadcasts along more than a row.</summary>
        private static double? Addend(Value addend, Value sum, int element) => addend.Constant is not { } constant ? null
            : constant.Tensor.Length == 1 ? constant.Tensor.GetDouble(0)
            : addend.Type.Shape.Count == sum.Type.Shape.Count ? constant.Tensor.GetDouble(element) : null;
    }
}
