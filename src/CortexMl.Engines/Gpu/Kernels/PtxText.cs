using System.Globalization;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace CortexMl.Engines.Gpu.Kernels;

/// <summary>What ILGPU makes of a kernel for NVIDIA devices, without a device.</summary>
internal static partial class PtxText
{
    /// <summary>
    /// ILGPU numbers methods, labels and arrays by what it compiled before: a context of its own, and numbers in the order of the text.
    /// </summary>
    public static string Of(DeviceKernel kernel)
    {
        using var context = CreateContext();
        using var backend = new PTXBackend(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_70, null!);
        return Renumber(Compile(backend, kernel).PTXAssembly.ReplaceLineEndings("\n"));
    }

    /// <summary>The same of several kernels, for an architecture.</summary>
    /// <param name="architecture">75, 80 or 90, as in <c>sm_80</c>.</param>
    public static IReadOnlyList<string> Of(IEnumerable<DeviceKernel> kernels, int architecture)
    {
        var (target, instructions) = Versions(architecture);
        using var context = CreateContext();
        using var backend = new PTXBackend(context, target, instructions, null!);
        return [.. kernels.Select(kernel => Renumber(Compile(backend, kernel).PTXAssembly.ReplaceLineEndings("\n")))];
    }

    /// <summary>What ILGPU calls an architecture, and the version of PTX that came with it.</summary>
    public static (CudaArchitecture Target, CudaInstructionSet Instructions) Versions(int architecture) => architecture switch
    {
        75 => (CudaArchitecture.SM_75, CudaInstructionSet.ISA_63),
        80 => (CudaArchitecture.SM_80, CudaInstructionSet.ISA_70),
        90 => (CudaArchitecture.SM_90, CudaInstructionSet.ISA_78),
        _ => throw new ArgumentOutOfRangeException(nameof(architecture)),
    };

    /// <summary>One whose kernels are those of a session on a device.</summary>
    public static Context CreateContext() => Context.Create(builder => builder.Optimize(OptimizationLevel.O1));

    /// <summary>As ILGPU compiles for a device, with numbers of its own.</summary>
    public static PTXCompiledKernel Compile(PTXBackend backend, DeviceKernel kernel)
    {
        var method = IlEmitter.Emit(kernel);
        var entry = kernel.Launch.IsGrouped
            ? EntryPointDescription.FromExplicitlyGroupedKernel(method)
            : EntryPointDescription.FromImplicitlyGroupedKernel(method);
        return (PTXCompiledKernel)backend.Compile(entry, KernelSpecialization.Empty);
    }

    private static string Renumber(string text)
    {
        var numbers = new Dictionary<string, string>(StringComparer.Ordinal);
        return Numbered().Replace(text, match =>
        {
            if (numbers.TryGetValue(match.Value, out string? known)) return known;
            return numbers[match.Value] = match.Groups["stem"].Value + numbers.Count.ToString(CultureInfo.InvariantCulture);
        });
    }

    [GeneratedRegex(@"\b(?!sm_)(?<stem>[A-Za-z_.]+_)\d+\b")]
    private static partial Regex Numbered();
}
