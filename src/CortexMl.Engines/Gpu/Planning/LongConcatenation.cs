using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>A concatenation of more operands than every device takes as parameters of one kernel: a kernel for each operand.</summary>
internal static class LongConcatenation
{
    public static bool Is(KernelGroup group) =>
        group.Head.Spec == CvmShape.Concatenate && group.Head.Operands.Count > KernelGroup.MostOperands;

    public static IEnumerable<LaunchStep> Write(KernelGroup group, IReadOnlyDictionary<Value, ValueLayout> layouts)
    {
        int axis = group.Head.Result.Type.Shape.Axis(group.Head.Int("axis")), from = 0;
        foreach (var operand in group.Head.Operands)
        {
            if (operand.Type.Shape.Count > 0) yield return Write(new GroupWriter(group, layouts), operand, axis, from);
            from += operand.Type.Shape[axis];
        }
    }

    private static LaunchStep Write(GroupWriter writer, Value operand, int axis, int from)
    {
        var k = writer.Kernel;
        var index = ElementIndex.At(k, operand.Type.Shape, k.Thread);
        Expr[] coordinates = [.. Enumerable.Range(0, operand.Type.Shape.Rank).Select(i => i == axis ? index[i] + from : index[i])];
        var place = ElementIndex.At(k, writer.Group.Head.Result.Type.Shape, coordinates);
        writer.Store(place, writer.Follow(place, writer.Operand(operand).At(index)));
        return writer.Build(LaunchShape.Threads((int)operand.Type.Shape.Count));
    }
}
