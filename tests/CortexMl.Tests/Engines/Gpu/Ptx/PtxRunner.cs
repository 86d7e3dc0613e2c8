using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Tests.Engines.Gpu.Ptx.Machine;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>Runs single kernels as PTX.</summary>
public sealed class PtxRunner : KernelRunner
{
    private readonly PtxLauncher _launcher = new(PtxCompiler.For()) { AllowsNegativeRemainders = true };

    internal override void Run(DeviceKernel kernel, params Array[] buffers)
    {
        PtxStorage[] storages = [.. buffers.Select(b => Storage(Buffer.ByteLength(b)))];
        for (int i = 0; i < buffers.Length; i++) Buffer.BlockCopy(buffers[i], 0, storages[i].Data, 0, storages[i].Data.Length);
        _launcher.Run(kernel, storages);
        for (int i = 0; i < buffers.Length; i++) Buffer.BlockCopy(storages[i].Data, 0, buffers[i], 0, storages[i].Data.Length);
    }

    private static PtxStorage Storage(int bytes) => new(new byte[bytes], new PtxShadow(bytes, "the launch"));
}

/// <summary>As PTX.</summary>
public sealed class PtxExpressionTests() : ExpressionContract(new PtxRunner());

/// <summary>As PTX.</summary>
public sealed class PtxStatementTests() : StatementContract(new PtxRunner());
