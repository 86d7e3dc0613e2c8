using CortexMl.Engines.Cpu.Sources;
using CortexMl.Ops;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>The numbers of a group's convolution.</summary>
internal static class Geometries
{
    /// <summary>A dense layer is a convolution whose kernel covers the whole image.</summary>
    public static Geometry Of(Group group)
    {
        if (group.Head!.Spec == CvmConv.Dense) return new Geometry(1, 1, group.View.Height, group.View.Width, 1, 1, 0, 0, 1, 1);
        var rule = group.Head.Context;
        var (kernel, strides, padding, dilation) =
            (rule.Pair("kernel_size"), rule.Pair("strides"), rule.Pair("padding"), rule.Pair("dilation"));
        return new Geometry(group.ResultView.Height, group.ResultView.Width, (int)kernel.H, (int)kernel.W, (int)strides.H, (int)strides.W,
            (int)padding.H, (int)padding.W, (int)dilation.H, (int)dilation.W);
    }
}
