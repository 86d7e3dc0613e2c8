namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>
/// The threads of a block, each run up to the barrier that all of them reach, or to their end. Blocks of a launch run in the same one, one
/// after the other.
/// </summary>
internal sealed class PtxBlock
{
    private readonly PtxLaunch _launch;
    private readonly PtxThreads _threads;
    private readonly PtxShadow _shadow;
    private readonly int _count;

    public PtxBlock(PtxLaunch launch)
    {
        (_launch, _count) = (launch, (int)launch.Block.Count);
        _shadow = new PtxShadow(launch.Program.SharedBytes, "the last barrier");
        PtxSpace shared = new(), local = new();
        var storage = new PtxStorage(new byte[launch.Program.SharedBytes], _shadow);
        foreach (var array in launch.Program.Shared)
            shared.Add(new(array.Name, storage, array.Offset, array.Bytes, IsWritable: true, MustBeWritten: true));
        int stride = launch.Program.LocalBytes;
        var own = new PtxStorage(new byte[stride * _count], null);
        new Random(1).NextBytes(own.Data);
        foreach (var array in launch.Program.Local)
            local.Add(new(array.Name, own, array.Offset, array.Bytes, IsWritable: true, stride));
        _threads = new PtxThreads(launch, shared, local);
    }

    /// <param name="number">The block's, from 0.</param>
    public void Run(long number)
    {
        _shadow.Clear();
        var place = _launch.Grid.At(number);
        for (int thread = 0; thread < _count; thread++) _threads.Start(thread, _launch.Known(_launch.Block.At(thread), place));
        bool isDone = false;
        while (!isDone)
        {
            for (int thread = 0; thread < _count; thread++) Run(number, thread);
            isDone = Meet(number);
            _shadow.Meet();
        }
    }

    private void Run(long number, int thread)
    {
        try
        {
            _threads.Run(thread, (number * _count) + thread);
        }
        catch (PtxFault fault)
        {
            throw Fault(number, thread, fault.Message);
        }
    }

    // Whether all threads have come to their end; false where all are at the same barrier.
    private bool Meet(long number)
    {
        for (int thread = 1; thread < _count; thread++)
        {
            if (HasEnded(thread) != HasEnded(0) || (!HasEnded(0) && _threads.At(thread) != _threads.At(0)))
                throw Fault(number, thread, $"is here while thread 0 is at {_launch.Program.Sources[_threads.At(0)]}");
        }
        return HasEnded(0);
    }

    private bool HasEnded(int thread) => _launch.Program.Code[_threads.At(thread)].Op == PtxOp.Exit;

    private PtxFault Fault(long number, int thread, string what) => new(
        $"{_launch.Program.Name}, {_launch.Program.Sources[_threads.At(thread)]}, block {number}, thread {thread}: {what}");
}
