using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>
/// The kernel of a group whose head computes element by element: a thread for every element of the result, in the order of its memory.
/// </summary>
internal static class ElementKernel
{
    public static LaunchStep Write(GroupWriter writer)
    {
        var (k, layout) = (writer.Kernel, writer.ResultLayout);
        var threads = LaunchShape.Threads((int)layout.Length);
        if (!layout.IsInterleaved)
        {
            Element(writer, ElementIndex.At(k, layout.Shape, k.Thread));
            return writer.Build(threads);
        }
        int lanes = ValueLayout.Lanes;
        Expr pixel = k.Once("pixel", k.Thread / lanes % layout.Plane), block = k.Once("block", k.Thread / (lanes * layout.Plane));
        Expr channel = k.Once("channel", (block % layout.ChannelBlocks * lanes) + (k.Thread % lanes));
        k.If(layout.Shape[1] % lanes == 0 ? 1 : channel < layout.Shape[1], () =>
        {
            var index = ElementIndex.At(k, layout.Shape, [block / layout.ChannelBlocks, channel, .. InPlane(k, layout, pixel)]);
            Element(writer, index);
        });
        return writer.Build(threads);
    }

    private static IEnumerable<Expr> InPlane(KernelBuilder k, ValueLayout layout, Expr pixel)
    {
        int[] strides = layout.Shape.Strides();
        for (int axis = 2; axis < layout.Shape.Rank; axis++)
        {
            Expr above = pixel / strides[axis];
            yield return layout.Shape[axis] == 1 ? 0 : k.Once("p", axis == 2 ? above : above % layout.Shape[axis]);
        }
    }

    private static void Element(GroupWriter writer, ElementIndex index)
    {
        var head = index.Reshaped(writer.Group.Head.Result.Type.Shape);
        writer.Kernel.Store(writer.Result(), writer.ResultLayout.IsInterleaved ? writer.Kernel.Thread : index.Flat,
            writer.Follow(head, writer.HeadElement(head)));
    }
}
