namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>Blocks in a grid, or threads in a block.</summary>
internal readonly record struct PtxExtent(int X, int Y = 1, int Z = 1)
{
    public long Count => (long)X * Y * Z;

    /// <summary>Where the block or thread of this number is; x runs fastest.</summary>
    public PtxExtent At(long number) => new((int)(number % X), (int)(number / X % Y), (int)(number / ((long)X * Y)));
}

/// <summary>A kernel, how many threads run it, and on what.</summary>
/// <param name="Parameters">The bytes of the parameters as the kernel declares them.</param>
internal sealed record PtxLaunch(PtxProgram Program, PtxExtent Grid, PtxExtent Block, byte[] Parameters, PtxSpace Global)
{
    /// <summary>PTX leaves them open; no operator's kernel may take them.</summary>
    public bool AllowsNegativeRemainders { get; init; }

    /// <summary>What a thread knows of its place, in the order of the first slots.</summary>
    public ulong[] Known(PtxExtent thread, PtxExtent block) =>
        [.. from extent in (PtxExtent[])[thread, Block, block, Grid] from axis in (int[])[extent.X, extent.Y, extent.Z] select (ulong)axis];
}

/// <summary>Runs kernels within the limits of every device of compute capability 7.5 and above.</summary>
internal static class PtxMachine
{
    private const int MostThreads = 1024, MostThreadsInZ = 64, MostBlocksInYAndZ = 65535, MostSharedBytes = 48 << 10,
        MostParameterBytes = 4 << 10, MostLocalBytes = 512 << 10;

    /// <exception cref="PtxFault">A limit is exceeded, or the kernel does what no kernel may.</exception>
    public static void Run(PtxLaunch launch)
    {
        var program = launch.Program;
        try
        {
            Check(launch);
        }
        catch (PtxFault fault)
        {
            throw new PtxFault($"{program.Name}: {fault.Message}");
        }
        var block = new PtxBlock(launch);
        for (long i = 0; i < launch.Grid.Count; i++) block.Run(i);
    }

    private static void Check(PtxLaunch launch)
    {
        var (program, grid, block) = (launch.Program, launch.Grid, launch.Block);
        Within("blocks in x", grid.X, int.MaxValue);
        Within("blocks in y", grid.Y, MostBlocksInYAndZ);
        Within("blocks in z", grid.Z, MostBlocksInYAndZ);
        Within("threads in x", block.X, MostThreads);
        Within("threads in y", block.Y, MostThreads);
        Within("threads in z", block.Z, MostThreadsInZ);
        Within("threads in a block", block.Count, MostThreads);
        Within("bytes of parameters", program.ParameterBytes, MostParameterBytes);
        Within("bytes of shared memory", program.SharedBytes, MostSharedBytes, least: 0);
        Within("bytes of local memory", program.LocalBytes, MostLocalBytes, least: 0);
        if (launch.Parameters.Length != program.ParameterBytes)
            throw new PtxFault($"{launch.Parameters.Length} bytes of parameters, {program.ParameterBytes} declared");
    }

    private static void Within(string what, long number, long most, long least = 1)
    {
        if (number < least || number > most) throw new PtxFault($"{number} {what}, {most} at most");
    }
}
