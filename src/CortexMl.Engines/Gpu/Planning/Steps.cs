using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>Numbers that do not change, uploaded once.</summary>
/// <param name="Elements">sbyte[], short[] or int[].</param>
internal sealed record ConstantArray(Array Elements, KernelElement Element)
{
    /// <summary>Copies numbers into the narrowest element that holds them all.</summary>
    public static ConstantArray Of(ReadOnlySpan<int> numbers)
    {
        if (numbers.IndexOfAnyExceptInRange(short.MinValue, short.MaxValue) >= 0) return new(numbers.ToArray(), KernelElement.I32);
        bool isWide = numbers.IndexOfAnyExceptInRange(sbyte.MinValue, sbyte.MaxValue) >= 0;
        if (isWide) return new(Array.ConvertAll(numbers.ToArray(), x => (short)x), KernelElement.I16);
        return new(Array.ConvertAll(numbers.ToArray(), x => (sbyte)x), KernelElement.I8);
    }
}

/// <summary>
/// What a parameter of a kernel is bound to: a value's memory or a constant, one of them, seen as elements of the parameter.
/// </summary>
internal sealed record Argument(KernelBuffer Parameter, Value? Value, ConstantArray? Constant);

/// <summary>One kernel with its arguments.</summary>
/// <param name="Group">The operations that it computes.</param>
internal sealed record LaunchStep(DeviceKernel Kernel, IReadOnlyList<Argument> Arguments, KernelGroup Group);
