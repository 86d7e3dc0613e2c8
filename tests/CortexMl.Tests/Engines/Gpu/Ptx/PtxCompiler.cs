using System.Collections.Concurrent;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Tests.Engines.Gpu.Ptx.Machine;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>ILGPU's compiler for an architecture, in front of the machine. Kernels that were compiled are kept.</summary>
internal sealed class PtxCompiler : IDisposable
{
    /// <summary>Bytes of a view in the parameters: an address and a length.</summary>
    public const int ViewBytes = 16;

    private static readonly ConcurrentDictionary<int, PtxCompiler> s_all = [];

    private readonly Context _context = PtxText.CreateContext();
    private readonly PTXBackend _backend;
    private readonly Dictionary<string, PtxProgram> _programs = new(StringComparer.Ordinal);

    private PtxCompiler(CudaArchitecture architecture, CudaInstructionSet instructions) =>
        _backend = new PTXBackend(_context, architecture, instructions, null!);

    /// <param name="architecture">75, 80 or 90, as in <c>sm_80</c>.</param>
    public static PtxCompiler For(int architecture = 80) => s_all.GetOrAdd(architecture, static number =>
    {
        var (target, instructions) = PtxText.Versions(number);
        return new(target, instructions);
    });

    /// <summary>May be called by several threads.</summary>
    /// <exception cref="PtxFault">The machine does not know what ILGPU wrote, or the parameters are not those of the kernel.</exception>
    public PtxProgram Compile(DeviceKernel kernel)
    {
        string text = kernel.ToString();
        lock (_programs)
        {
            if (_programs.TryGetValue(text, out var known)) return known;
            var compiled = PtxText.Compile(_backend, kernel);
            var program = PtxParser.Parse(compiled.PTXAssembly.ReplaceLineEndings("\n"));
            CheckEntry(kernel, compiled);
            CheckParameters(kernel, program);
            return _programs[text] = program;
        }
    }

    public void Dispose()
    {
        _backend.Dispose();
        _context.Dispose();
    }

    // What ILGPU's launcher fills in: behind the number of threads, where it is implicit, a view for every buffer.
    private static void CheckEntry(DeviceKernel kernel, PTXCompiledKernel compiled)
    {
        IEnumerable<Type> given = kernel.Buffers.Select(b => IlEmitter.ViewType(b.Element));
        if (!kernel.Launch.IsGrouped) given = given.Prepend(typeof(Index1D));
        bool fits = compiled.IndexType == (kernel.Launch.IsGrouped ? IndexType.KernelConfig : IndexType.Index1D)
            && compiled.NumParameters == kernel.Buffers.Count
            && compiled.SourceMethod.GetParameters().Select(p => p.ParameterType).SequenceEqual(given);
        if (!fits) throw new PtxFault($"the entry point {compiled.SourceMethod} is not that of {kernel.Name}");
    }

    private static void CheckParameters(DeviceKernel kernel, PtxProgram program)
    {
        IEnumerable<(int, int)> views = kernel.Buffers.Select(_ => (ViewBytes, sizeof(long)));
        if (!kernel.Launch.IsGrouped) views = views.Prepend((sizeof(int), sizeof(int)));
        if (!program.Parameters.Select(p => (p.Bytes, p.Alignment)).SequenceEqual(views))
            throw new PtxFault($"the parameters {string.Join(", ", program.Parameters)} are not those of {kernel.Name}");
    }
}
