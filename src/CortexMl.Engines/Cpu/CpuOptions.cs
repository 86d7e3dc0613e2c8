using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Cpu;

/// <summary>Which vector instructions the kernels use. All give the same bits.</summary>
public enum CpuInstructions
{
    /// <summary>The best that the machine has.</summary>
    Auto,

    /// <summary>
    /// Vector256 as the runtime offers it on any machine: it takes halves, or plain code, where there are no such vectors. Products are
    /// 32 bits wide.
    /// </summary>
    Portable,

    /// <summary>As <see cref="Portable"/>, with four products of bytes at once on arm64 (sdot).</summary>
    NeonDot,

    /// <summary>Two products of 16 bits at once (vpmaddwd), and four of bytes (vpmaddubsw) where they cannot saturate.</summary>
    Avx2,

    /// <summary>Four products of bytes at once, without an intermediate that could saturate.</summary>
    AvxVnni,

    /// <summary>
    /// Code made for the network's layers from instructions of AVX2; layers of other kinds, and everything where the system forbids it,
    /// run as <see cref="Avx2"/> does.
    /// </summary>
    CodeAvx2,

    /// <summary>Such code with vpdpbusd on 256 bits.</summary>
    CodeAvxVnni,

    /// <summary>Such code on 512 bits (AVX-512 F and BW).</summary>
    CodeAvx512,

    /// <summary>Such code with vpdpbusd on 512 bits.</summary>
    CodeAvx512Vnni,

    /// <summary>The same, and products of bytes between matrices (AMX-INT8: tdpbusd) where a layer is large enough for them.</summary>
    CodeAmx,
}

/// <summary>How the CPU engine runs a graph.</summary>
public sealed record CpuOptions
{
    /// <summary>Threads that share the work of one run.</summary>
    public int Threads { get; init; } = 1;

    public CpuInstructions Instructions { get; init; } = CpuInstructions.Auto;

    /// <summary>
    /// Called with every value that the engine computes: results at the ends of fused groups, and of operations outside of groups.
    /// </summary>
    public Action<Value, Tensor<int>>? Observe { get; init; }

    /// <summary>
    /// Called after every step with the value that it made and the time it took, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.
    /// </summary>
    public Action<Value, long>? Timed { get; init; }

    /// <summary>Largest sum of the working memory, refused before it is allocated.</summary>
    public long MaxBytes { get; init; } = 8L << 30;

    /// <summary>Ends a run: looked at before each step.</summary>
    public CancellationToken Cancellation { get; init; }
}
