using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>Runs the code of the threads of a block.</summary>
internal sealed class PtxThreads(PtxLaunch launch, PtxSpace shared, PtxSpace local)
{
    /// <summary>Branches of a thread between barriers; more are a loop without end.</summary>
    private const int MostBranches = 10_000_000;

    private readonly PtxInstruction[] _code = launch.Program.Code;
    private readonly int _slots = launch.Program.Slots.Length;
    private readonly ulong[] _registers = new ulong[launch.Program.Slots.Length * (int)launch.Block.Count];
    private readonly int[] _next = new int[(int)launch.Block.Count];

    /// <summary>The instruction that a thread executed last.</summary>
    public int At(int thread) => _next[thread] - 1;

    /// <param name="known">What the thread knows of its place.</param>
    public void Start(int thread, ulong[] known)
    {
        var slots = _registers.AsSpan(thread * _slots, _slots);
        launch.Program.Slots.CopyTo(slots);
        known.CopyTo(slots);
        _next[thread] = 0;
    }

    /// <summary>Runs a thread up to a barrier or its end.</summary>
    /// <param name="thread">In the block.</param>
    /// <param name="number">In the launch.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(int thread, long number)
    {
        var r = _registers.AsSpan(thread * _slots, _slots);
        var code = _code;
        int next = _next[thread], branches = 0;
        while (true)
        {
            ref readonly var i = ref code[next++];
            switch (i.Op)
            {
                case PtxOp.Move: r[i.D] = r[i.A]; break;
                case PtxOp.Select: r[i.D] = r[i.C] != 0 ? r[i.A] : r[i.B]; break;
                case PtxOp.Convert: r[i.D] = (ulong)((long)((ulong)((long)(r[i.A] << i.B) >> i.B) << i.C) >> i.C) & i.Extra; break;
                case PtxOp.Add32: r[i.D] = (uint)r[i.A] + (uint)r[i.B]; break;
                case PtxOp.Add64: r[i.D] = r[i.A] + r[i.B]; break;
                case PtxOp.Subtract32: r[i.D] = (uint)r[i.A] - (uint)r[i.B]; break;
                case PtxOp.Subtract64: r[i.D] = r[i.A] - r[i.B]; break;
                case PtxOp.Multiply32: r[i.D] = (uint)r[i.A] * (uint)r[i.B]; break;
                case PtxOp.Multiply64: r[i.D] = r[i.A] * r[i.B]; break;
                case PtxOp.MultiplyWide: r[i.D] = (ulong)(uint)r[i.A] * (uint)r[i.B]; break;
                case PtxOp.MultiplyAdd32: r[i.D] = ((uint)r[i.A] * (uint)r[i.B]) + (uint)r[i.C]; break;
                case PtxOp.Dot4: r[i.D] = Dot4((uint)r[i.A], (uint)r[i.B], (uint)r[i.C]); break;
                case PtxOp.Least32: r[i.D] = (uint)Math.Min((int)r[i.A], (int)r[i.B]); break;
                case PtxOp.Least64: r[i.D] = (ulong)Math.Min((long)r[i.A], (long)r[i.B]); break;
                case PtxOp.Greatest32: r[i.D] = (uint)Math.Max((int)r[i.A], (int)r[i.B]); break;
                case PtxOp.Greatest64: r[i.D] = (ulong)Math.Max((long)r[i.A], (long)r[i.B]); break;
                case PtxOp.And: r[i.D] = r[i.A] & r[i.B]; break;
                case PtxOp.Or: r[i.D] = r[i.A] | r[i.B]; break;
                case PtxOp.Xor: r[i.D] = r[i.A] ^ r[i.B]; break;
                case PtxOp.ShiftLeft32: r[i.D] = r[i.B] > 31 ? 0 : (uint)r[i.A] << (int)r[i.B]; break;
                case PtxOp.ShiftLeft64: r[i.D] = r[i.B] > 63 ? 0 : r[i.A] << (int)r[i.B]; break;
                case PtxOp.ShiftRight32: r[i.D] = (uint)((int)r[i.A] >> (int)Math.Min(r[i.B], 31)); break;
                case PtxOp.ShiftRight64: r[i.D] = (ulong)((long)r[i.A] >> (int)Math.Min(r[i.B], 63)); break;
                case PtxOp.Equal: r[i.D] = r[i.A] == r[i.B] ? 1UL : 0; break;
                case PtxOp.NotEqual: r[i.D] = r[i.A] != r[i.B] ? 1UL : 0; break;
                case PtxOp.Less32: r[i.D] = (int)r[i.A] < (int)r[i.B] ? 1UL : 0; break;
                case PtxOp.Less64: r[i.D] = (long)r[i.A] < (long)r[i.B] ? 1UL : 0; break;
                case PtxOp.LessOrEqual32: r[i.D] = (int)r[i.A] <= (int)r[i.B] ? 1UL : 0; break;
                case PtxOp.LessOrEqual64: r[i.D] = (long)r[i.A] <= (long)r[i.B] ? 1UL : 0; break;
                case PtxOp.LoadParameter: r[i.D] = Parameter((int)i.Extra, i.Width); break;
                case PtxOp.Unless: next += r[i.A] != 0 ? 0 : 1; break;
                case PtxOp.If: next += r[i.A] != 0 ? 1 : 0; break;
                case PtxOp.Branch:
                    _next[thread] = next;
                    if (++branches > MostBranches) throw new PtxFault("a loop without end");
                    next = i.D;
                    break;
                case PtxOp.Barrier or PtxOp.Exit:
                    _next[thread] = next;
                    return;
                default:
                    // What may fail: where it stands is told.
                    _next[thread] = next;
                    Guarded(in i, r, thread, number);
                    break;
            }
        }
    }

    private void Guarded(in PtxInstruction i, Span<ulong> r, int thread, long number)
    {
        ulong address = r[i.A] + i.Extra;
        switch (i.Op)
        {
            case PtxOp.LoadGlobal: r[i.D] = launch.Global.Load(address, i.Width, number); break;
            case PtxOp.LoadShared: r[i.D] = shared.Load(address, i.Width, thread); break;
            case PtxOp.LoadLocal: r[i.D] = local.Load(address, i.Width, thread); break;
            case PtxOp.StoreGlobal: launch.Global.Store(address, i.Width, r[i.D], number); break;
            case PtxOp.StoreShared: shared.Store(address, i.Width, r[i.D], thread); break;
            case PtxOp.StoreLocal: local.Store(address, i.Width, r[i.D], thread); break;
            case PtxOp.Divide32: r[i.D] = (uint)Divide((int)r[i.A], (int)r[i.B], int.MinValue); break;
            case PtxOp.Divide64: r[i.D] = (ulong)Divide((long)r[i.A], (long)r[i.B], long.MinValue); break;
            case PtxOp.Remainder32: r[i.D] = (uint)Remainder((int)r[i.A], (int)r[i.B], int.MinValue); break;
            case PtxOp.Remainder64: r[i.D] = (ulong)Remainder((long)r[i.A], (long)r[i.B], long.MinValue); break;
            default: throw new PtxFault($"{i.Op} has no meaning");
        }
    }

    // Where PTX leaves the result open, a fault: no kernel may count on one device's.
    private static long Divide(long a, long b, long least)
    {
        if (b == 0) throw new PtxFault("divides by zero");
        if (a == least && b == -1) throw new PtxFault("divides the most negative number by -1");
        return a / b;
    }

    private long Remainder(long a, long b, long least)
    {
        Divide(a, b, least);
        if (!launch.AllowsNegativeRemainders && (a < 0 || b < 0)) throw new PtxFault("takes the remainder of negative numbers");
        return a % b;
    }

    private static uint Dot4(uint a, uint b, uint sum)
    {
        for (int i = 0; i < 32; i += 8) sum += (uint)((sbyte)(a >> i) * (sbyte)(b >> i));
        return sum;
    }

    private ulong Parameter(int at, int width) => width switch
    {
        1 => launch.Parameters[at],
        2 => BinaryPrimitives.ReadUInt16LittleEndian(launch.Parameters.AsSpan(at)),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(launch.Parameters.AsSpan(at)),
        _ => BinaryPrimitives.ReadUInt64LittleEndian(launch.Parameters.AsSpan(at)),
    };
}
