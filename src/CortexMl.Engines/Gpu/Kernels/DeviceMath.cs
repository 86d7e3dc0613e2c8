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

    /// <summary>accumulator + the products of four signed bytes. One instruction on NVIDIA devices; elsewhere shifts and multiplications, as exact.</summary>
    public static int Dot4(int x, int w, int accumulator)
    {
        if (CudaAsm.IsSupported)
        {
            CudaAsm.Emit("dp4a.s32.s32 %0, %1, %2, %3;", out int result, x, w, accumulator);
            return result;
        }
        return unchecked(accumulator + (((x << 24) >> 24) * ((w << 24) >> 24)) + (((x << 16) >> 24) * ((w << 16) >> 24))
            + (((x << 8) >> 24) * ((w << 8) >> 24)) + ((x >> 24) * (w >> 24)));
    }
}
