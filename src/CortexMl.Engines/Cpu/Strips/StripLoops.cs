using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>What a kernel with one operand does to eight elements.</summary>
internal interface IUnaryFunction
{
    Vector256<int> Of(Vector256<int> x);
}

/// <summary>What a kernel with two operands does to eight elements.</summary>
internal interface IBinaryFunction
{
    Vector256<int> Of(Vector256<int> a, Vector256<int> b);
}

internal sealed class UnaryStrip<TFunction>(TFunction function) : StripKernel where TFunction : struct, IUnaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(StripOperands operands, Span<int> result)
    {
        var x = operands.First[..result.Length];
        ref int from = ref MemoryMarshal.GetReference(x);
        ref int to = ref MemoryMarshal.GetReference(result);
        int whole = result.Length & -Vector256<int>.Count;
        var own = function;
        for (int i = 0; i < whole; i += Vector256<int>.Count)
            own.Of(Vector256.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        if (whole == result.Length) return;
        own.Of(StripEnd.Load(x[whole..])).Store(result[whole..]);
    }
}

internal sealed class BinaryStrip<TFunction> : StripKernel where TFunction : struct, IBinaryFunction
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(StripOperands operands, Span<int> result)
    {
        ReadOnlySpan<int> a = operands.First[..result.Length], b = operands.Second[..result.Length];
        ref int left = ref MemoryMarshal.GetReference(a);
        ref int right = ref MemoryMarshal.GetReference(b);
        ref int to = ref MemoryMarshal.GetReference(result);
        int whole = result.Length & -Vector256<int>.Count;
        TFunction function = default;
        for (int i = 0; i < whole; i += Vector256<int>.Count)
            function.Of(Vector256.LoadUnsafe(ref left, (nuint)i), Vector256.LoadUnsafe(ref right, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        if (whole == result.Length) return;
        function.Of(StripEnd.Load(a[whole..]), StripEnd.Load(b[whole..])).Store(result[whole..]);
    }
}

/// <summary>The last elements of a strip, which do not fill a vector.</summary>
internal static class StripEnd
{
    /// <summary>The elements, and zeros behind them.</summary>
    public static Vector256<int> Load(ReadOnlySpan<int> rest)
    {
        Span<int> whole = stackalloc int[Vector256<int>.Count];
        whole.Clear();
        rest.CopyTo(whole);
        return Vector256.Create((ReadOnlySpan<int>)whole);
    }

    /// <summary>As many of the elements as there is room for.</summary>
    public static void Store(this Vector256<int> elements, Span<int> rest)
    {
        Span<int> whole = stackalloc int[Vector256<int>.Count];
        elements.CopyTo(whole);
        whole[..rest.Length].CopyTo(rest);
    }
}
