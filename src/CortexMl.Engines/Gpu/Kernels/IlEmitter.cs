using System.Reflection;
using System.Reflection.Emit;
using ILGPU;
using ILGPU.Runtime;

namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>
/// Emits a kernel as a static method of a type of its own, <c>Run([Index1D thread,] ArrayView&lt;…&gt; buffer …)</c>, in the form that
/// ILGPU's front end reads.
/// </summary>
internal static class IlEmitter
{
    private static readonly ModuleBuilder s_module =
        AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("CortexMl.GeneratedKernels"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("kernels");

    private static int s_count;

    /// <summary>May be called by several threads.</summary>
    public static MethodInfo Emit(DeviceKernel kernel)
    {
        lock (s_module)
        {
            var type = s_module.DefineType($"Kernel{s_count++}", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
            var buffers = kernel.Buffers.Select(b => ViewType(b.Element));
            Type[] parameters = kernel.Launch.IsGrouped ? [.. buffers] : [typeof(Index1D), .. buffers];
            var method = type.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static, typeof(void), parameters);
            new StatementEmitter(method.GetILGenerator(), kernel).EmitBody();
            return type.CreateType().GetMethod("Run")!;
        }
    }

    public static Type ViewType(KernelElement element) => element switch
    {
        KernelElement.I8 => typeof(ArrayView<sbyte>),
        KernelElement.I16 => typeof(ArrayView<short>),
        _ => typeof(ArrayView<int>),
    };
}
