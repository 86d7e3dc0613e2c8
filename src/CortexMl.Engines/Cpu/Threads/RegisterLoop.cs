using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CortexMl.Engines.Cpu.Threads;

/// <summary>
/// A fixed amount of multiplications and additions between registers, cut into equal parts for threads. What it gains from a second
/// thread is all that the machine has to give: no memory, no cache, no imbalance.
/// </summary>
public sealed class RegisterLoop : IDisposable
{
    private const int Rounds = 1 << 22;

    private readonly Workers _workers;
    private readonly int[] _sums;

    public RegisterLoop(int threads)
    {
        _workers = new Workers(threads);
        _sums = new int[_workers.Parts];
    }

    /// <summary>All of the work, some milliseconds of one thread.</summary>
    public void Run() => _workers.Run(part => _sums[part] = Multiply(Rounds / _workers.Parts));

    public void Dispose() => _workers.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Multiply(int rounds)
    {
        Vector256<int> a = Vector256.Create(rounds), b = a, c = a, d = a, factor = Vector256.Create(3);
        for (int i = 0; i < rounds; i++)
        {
            a += a * factor;
            b += b * factor;
            c += c * factor;
            d += d * factor;
        }
        return Vector256.Sum(a + b + c + d);
    }
}
