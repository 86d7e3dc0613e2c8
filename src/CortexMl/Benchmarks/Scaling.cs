using CortexMl.Engines;
using CortexMl.Engines.Cpu.Threads;
using CortexMl.Tensors;

namespace CortexMl.Benchmarks;

/// <summary>
/// What an engine gains from its threads, beside what a loop that never leaves the registers gains on the same machine in the same
/// run.
/// </summary>
internal sealed class Scaling : IDisposable
{
    private readonly Contestant _alone, _loop, _sharedLoop;

    /// <param name="alone">The model on one thread.</param>
    /// <param name="threads">Of the engine that this is beside.</param>
    public Scaling(IExecutable alone, int threads, IReadOnlyList<Tensor<int>> inputs)
    {
        _alone = new Contestant("alone", () => alone.Run(inputs), alone);
        (_loop, _sharedLoop) = (Loop(1), Loop(threads));
    }

    public void WarmUp()
    {
        foreach (var contestant in All) contestant.WarmUp();
    }

    public void Measure()
    {
        foreach (var contestant in All) contestant.Measure();
    }

    /// <param name="times">Of the engine with its threads.</param>
    public ThreadScaling Report(Timings times)
    {
        double engine = _alone.Times.At(0) / times.At(0), registers = _loop.Times.At(0) / _sharedLoop.Times.At(0);
        return new(engine, registers, engine / registers);
    }

    public void Dispose()
    {
        foreach (var contestant in All) contestant.Dispose();
    }

    private Contestant[] All => [_alone, _loop, _sharedLoop];

    private static Contestant Loop(int threads)
    {
        var loop = new RegisterLoop(threads);
        return new Contestant("registers", loop.Run, loop);
    }
}
