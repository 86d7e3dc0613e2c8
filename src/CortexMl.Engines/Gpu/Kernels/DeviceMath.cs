using ILGPU.Runtime.Cuda;

namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>What generated kernels call; the device compiler inlines it. Public because generated code lives in another assembly.</summary>
public static class DeviceMath
{
    /// <summary>Toward zero; by 0 it is 0, and dividing by -1 wraps.</summary>
    public static int Divide(int a, int b)
    {
        if (b == 0) return 0;
        if (b == -1) return unchecked(0 - a);
        return a / b;
    }

    /// <inheritdoc cref="Divide(int, int)"/>
    public static long Divide(long a, long b)
    {
        if (b == 0) return 0;
        if (b == -1) return unchecked(0 - a);
        return a / b;
    }

    /// <summary>
    /// accumulator + the products of four signed bytes. One instruction on NVIDIA devices; elsewhere shifts and multiplications, as
    /// exact.
    /// </summary>
    public static int Dot4(int x, int w, int accumulator)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("dp4a.s32.s32 %0, %1, %2, %3;", out int result, x, w, accumulator);
            return result;
        }
        return Sum4(x, w, accumulator);
    }

    /// <summary>
    /// Four <see cref="Dot4"/>. As one piece of assembly: what ILGPU hands out of assembly goes through memory of the thread, here once
    /// instead of four times.
    /// </summary>
    public static int Dot16(int x0, int x1, int x2, int x3, int w0, int w1, int w2, int w3, int accumulator)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit(
                "dp4a.s32.s32 %0, %1, %5, %9; dp4a.s32.s32 %0, %2, %6, %0; dp4a.s32.s32 %0, %3, %7, %0; dp4a.s32.s32 %0, %4, %8, %0;",
                out int result, x0, x1, x2, x3, w0, w1, w2, w3, accumulator);
            return result;
        }
        return Sum4(x3, w3, Sum4(x2, w2, Sum4(x1, w1, Sum4(x0, w0, accumulator))));
    }

    private static int Sum4(int x, int w, int accumulator) =>
        unchecked(accumulator + (((x << 24) >> 24) * ((w << 24) >> 24)) + (((x << 16) >> 24) * ((w << 16) >> 24))
            + (((x << 8) >> 24) * ((w << 8) >> 24)) + ((x >> 24) * (w >> 24)));
}
