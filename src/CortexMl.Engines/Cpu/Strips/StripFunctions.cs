using System.Runtime.Intrinsics;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>min(max(x, Low), High), Low at most High.</summary>
internal readonly struct ClampStrip(int low, int high) : IUnaryFunction
{
    private readonly Vector256<int> _low = Vector256.Create(low), _high = Vector256.Create(high);

    public Vector256<int> Of(Vector256<int> x) => Vector256.Max(Vector256.Min(x, _high), _low);
}

/// <summary>x / 2^bits to the nearest, ties up, clamped to ±bound; bits from 1 to 32.</summary>
internal readonly struct RoundingShiftStrip(int bits, int bound) : IUnaryFunction
{
    private readonly ClampStrip _clamp = new(-bound, bound);

    public Vector256<int> Of(Vector256<int> x) =>
        _clamp.Of(Vector256.ShiftRightArithmetic(Vector256.ShiftRightArithmetic(x, bits - 1) + Vector256<int>.One, 1));
}

/// <summary>x · factor, clamped to ±bound.</summary>
internal readonly struct ScaleStrip(int factor, int bound) : IUnaryFunction
{
    private readonly Vector256<int> _factor = Vector256.Create(factor);
    private readonly ClampStrip _clamp = new(-bound, bound);

    public Vector256<int> Of(Vector256<int> x) => _clamp.Of(x * _factor);
}

internal readonly struct NegateStrip : IUnaryFunction
{
    public Vector256<int> Of(Vector256<int> x) => -x;
}

/// <summary>The most negative integer stays itself.</summary>
internal readonly struct MagnitudeStrip : IUnaryFunction
{
    public Vector256<int> Of(Vector256<int> x) => Vector256.Abs(x);
}

internal readonly struct AddStrip : IBinaryFunction
{
    public Vector256<int> Of(Vector256<int> a, Vector256<int> b) => a + b;
}

internal readonly struct SubtractStrip : IBinaryFunction
{
    public Vector256<int> Of(Vector256<int> a, Vector256<int> b) => a - b;
}

internal readonly struct MultiplyStrip : IBinaryFunction
{
    public Vector256<int> Of(Vector256<int> a, Vector256<int> b) => a * b;
}

internal readonly struct LargerStrip : IBinaryFunction
{
    public Vector256<int> Of(Vector256<int> a, Vector256<int> b) => Vector256.Max(a, b);
}

/// <summary>1 where a > b, else 0.</summary>
internal readonly struct GreaterStrip : IBinaryFunction
{
    public Vector256<int> Of(Vector256<int> a, Vector256<int> b) => Vector256.GreaterThan(a, b) & Vector256<int>.One;
}
