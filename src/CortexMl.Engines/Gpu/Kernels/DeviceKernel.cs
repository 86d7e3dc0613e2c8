namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>A signed element of an array; the number is its size in bytes.</summary>
internal enum KernelElement
{
    I8 = 1,
    I16 = 2,
    I32 = 4,
}

/// <summary>Elements that a kernel can index.</summary>
/// <param name="Length">In elements.</param>
internal abstract record KernelArray(string Name, KernelElement Element, int Length)
{
    /// <summary>The element at an index, sign-extended.</summary>
    public Expr this[Expr index] => new LoadExpr(this, index);
}

/// <summary>A buffer in the device's memory, one parameter of the kernel.</summary>
internal sealed record KernelBuffer(string Name, KernelElement Element, int Length, bool IsWritten) : KernelArray(Name, Element, Length);

/// <summary>Memory that the threads of a group share; uninitialised.</summary>
internal sealed record SharedArray(string Name, KernelElement Element, int Length) : KernelArray(Name, Element, Length);

/// <summary>How many threads run, and whether in groups that can meet.</summary>
/// <param name="Groups">
/// Groups of <paramref name="Lanes"/> threads each; threads where <paramref name="Lanes"/> is 0, grouped as the device likes.
/// </param>
internal readonly record struct LaunchShape(int Groups, int Lanes)
{
    public bool IsGrouped => Lanes > 0;

    public static LaunchShape Threads(int count) => new(count, 0);
}

/// <summary>
/// A function that many threads run at once. A thread writes elements that no other thread writes, so their order does not matter.
/// </summary>
internal sealed record DeviceKernel(
    string Name, IReadOnlyList<KernelBuffer> Buffers, IReadOnlyList<SharedArray> Shared, LaunchShape Launch, IReadOnlyList<Statement> Body)
{
    public override string ToString() => KernelText.Print(this);
}
