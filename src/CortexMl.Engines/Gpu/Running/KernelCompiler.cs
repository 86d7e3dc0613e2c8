using System.Reflection;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace CortexMl.Engines.Gpu.Running;

/// <summary>Compiles emitted kernels for a device.</summary>
internal static class KernelCompiler
{
    /// <param name="operation">What the kernel computes, for the message.</param>
    /// <param name="text">The kernel as text, for the message.</param>
    /// <exception cref="DiagnosticException">
    /// CML0710: ILGPU or the driver refuses the kernel. That poisons ILGPU's context, so the session is discarded: what comes next opens
    /// another one.
    /// </exception>
    public static Kernel Compile(DeviceSession session, MethodInfo method, LaunchShape launch, Operation operation, string text)
    {
        try
        {
            // One compilation at a time: ILGPU's state is shared by all of a context.
            lock (session) return launch.IsGrouped
                ? session.Accelerator.LoadKernel(method)
                : session.Accelerator.LoadAutoGroupedKernel(method);
        }
        // ILGPU's and the drivers' exceptions have no common base.
        catch (Exception error)
        {
            session.Discard();
            var cause = error.GetBaseException();
            // Its message does not tell OpenCL's own code.
            string what = cause is CLException driver ? $"{driver.Error}" : cause.Message.ReplaceLineEndings(" ");
            string reason = $"{cause.GetType().Name}: {what}";
            throw new DiagnosticException([new Diagnostic(
                EngineCodes.KernelFailed, Severity.Error,
                $"{session.Device} does not compile the kernel of {operation.Spec.Name}: {reason}",
                operation.Location, "pass --engine cpu, which gives the same bits, and report this kernel")
            {
                Details = text.TrimEnd().Split('\n'),
            }]);
        }
    }
}
