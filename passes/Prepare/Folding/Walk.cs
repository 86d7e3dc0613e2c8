using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary>Row-major walks over shapes.</summary>
internal static class Walk
{
    /// <summary>Calls <paramref name="each"/> with the position and the index of every element; the index array is reused.</summary>
    public static void Over(Shape shape, Action<int, int[]> each)
    {
        var index = new int[shape.Rank];
        int count = checked((int)shape.Count);
        for (int position = 0; position < count; position++)
        {
            each(position, index);
            for (int axis = shape.Rank - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
    }

    /// <summary>The element at <paramref name="source"/>'s offset for each index of the result.</summary>
    public static double[] Gather(Shape result, double[] data, Func<int[], int> source)
    {
        var gathered = new double[checked((int)result.Count)];
        Over(result, (position, index) => gathered[position] = data[source(index)]);
        return gathered;
    }

    /// <summary>Strides of an operand seen through NumPy broadcasting: 0 along the axes that it repeats, aligned at the end.</summary>
    public static int[] BroadcastStrides(Shape operand, Shape result)
    {
        int[] own = operand.Strides(), strides = new int[result.Rank];
        for (int i = 1; i <= operand.Rank; i++) strides[^i] = operand[^i] == 1 ? 0 : own[^i];
        return strides;
    }

    public static int Offset(int[] index, int[] strides)
    {
        int offset = 0;
        for (int axis = 0; axis < index.Length; axis++) offset += index[axis] * strides[axis];
        return offset;
    }

    /// <summary>The axis with the sizes before and behind it multiplied out.</summary>
    public static (int Outer, int Size, int Inner) Around(Shape shape, int axis)
    {
        int outer = 1, inner = 1;
        for (int i = 0; i < axis; i++) outer *= shape[i];
        for (int i = axis + 1; i < shape.Rank; i++) inner *= shape[i];
        return (outer, shape[axis], inner);
    }
}
