using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>What emulated kernels of an engine share.</summary>
/// <param name="Features">That the processor has, beside those of every x64.</param>
internal sealed record X86Processor(X86Convention Convention, IReadOnlySet<CpuidFeature> Features)
{
    /// <summary>Memory of the layer at hand.</summary>
    public IReadOnlyList<X86Range> Ranges { get; set; } = [];

    /// <summary>Of the kernels that were made.</summary>
    public List<CodeForm> Forms { get; } = [];

    /// <summary>In the kernels that were made.</summary>
    public HashSet<Code> Codes { get; } = [];

    /// <summary>Calls of kernels.</summary>
    public int Calls { get; set; }

    /// <summary>What a processor has that runs code of a set.</summary>
    public static X86Processor Of(CodeSet set, bool isWindows) => new(X86Convention.Of(isWindows), set switch
    {
        CodeSet.Avx2 => new HashSet<CpuidFeature> { CpuidFeature.AVX, CpuidFeature.AVX2 },
        CodeSet.AvxVnni => new HashSet<CpuidFeature> { CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.AVX_VNNI },
        CodeSet.Avx512 => new HashSet<CpuidFeature>
        {
            CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.AVX512F, CpuidFeature.AVX512BW,
        },
        CodeSet.Avx512Vnni => new HashSet<CpuidFeature>
        {
            CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.AVX512F, CpuidFeature.AVX512BW, CpuidFeature.AVX512_VNNI,
        },
        _ => new HashSet<CpuidFeature>
        {
            CpuidFeature.AVX, CpuidFeature.AVX2, CpuidFeature.AVX512F, CpuidFeature.AVX512BW, CpuidFeature.AVX512_VNNI,
            CpuidFeature.AMX_TILE, CpuidFeature.AMX_INT8,
        },
    });
}

/// <summary>A kernel that the machine of the tests runs.</summary>
internal sealed unsafe class EmulatedKernel(byte[] code, Pinned<int> constants, X86Processor processor) : GeneratedKernel(constants)
{
    private readonly X86Program _program = Decode(code, processor);

    public override void Run(CodeArguments* arguments)
    {
        processor.Calls++;
        X86Range[] ranges =
        [
            new("the arguments", arguments, CallsOf(arguments) * sizeof(CodeArguments), isWritten: true),
            new("the constants", Constants.Pointer, Constants.Bytes),
            .. processor.Ranges,
        ];
        if (arguments->Scratch != null)
            ranges = [.. ranges, new("the scratch", arguments->Scratch, MatrixBody.ScratchBytes, isWritten: true)];
        X86Call.Run(_program, processor.Convention, arguments, ranges, seed: processor.Calls);
    }

    private static long CallsOf(CodeArguments* arguments)
    {
        var last = arguments;
        while (last->More != 0) last++;
        return last - arguments + 1;
    }

    public override void Dispose()
    {
    }

    private static X86Program Decode(byte[] code, X86Processor processor)
    {
        var program = new X86Program(code, processor.Features);
        processor.Codes.UnionWith(program.Instructions.Select(instruction => instruction.Code));
        return program;
    }
}
