using System.Globalization;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Steps;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Engines.Cpu;

/// <summary>The code that the CPU engine generates for a graph, to read and to compare. Needs no processor that could run it.</summary>
public static class AssemblyListing
{
    /// <summary>Sets that code is generated for.</summary>
    public static IReadOnlyList<CpuInstructions> Sets { get; } =
        [.. Enum.GetValues<CpuInstructions>().Where(set => set.Code() is not null)];

    /// <summary>
    /// Every kernel in the order of the run, behind a comment that names the last value that it computes; a kernel that was there before is
    /// named only. Steps without generated code are left out. Calls are those of Linux and macOS.
    /// </summary>
    /// <param name="instructions">One of <see cref="Sets"/>.</param>
    /// <exception cref="DiagnosticException">The engine cannot run this graph.</exception>
    /// <exception cref="ArgumentOutOfRangeException">No code is generated for these instructions.</exception>
    public static string Text(Graph graph, CpuInstructions instructions)
    {
        ArgumentOutOfRangeException.ThrowIfEqual(instructions.Code() is null, true, nameof(instructions));
        InterpreterEngine.CheckOperators(graph);
        var kernels = KernelList.Of(new CodeStore((_, constants) => new ReadKernel(constants)));
        var plan = Planner.Make(graph, instructions, new CpuOptions().MaxBytes, new WeightStore(), kernels);
        using var weights = plan.Weights;
        var (text, names, first) = (new StringBuilder(), Names.Of(graph), new Dictionary<string, string>(StringComparer.Ordinal));
        foreach (var step in plan.Steps.OfType<CodeStep>())
        {
            string name = $"%{Printable.Escape(names[step.Subject])}";
            if (text.Length > 0) text.Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"; {name}: {InWords(step.Form)}\n");
            if (first.TryAdd(step.Form.Key, name)) text.Append(CodeText.Of(step.Form));
            else text.Append(CultureInfo.InvariantCulture, $"; the code of {first[step.Form.Key]}\n");
        }
        return text.ToString();
    }

    private static string InWords(CodeForm form)
    {
        if (form.Fold is { } fold) return Elements($"{(fold.Sums ? "sum" : "maximum")} over windows of {InWords(form.Data)}");
        if (form.Loads) return Elements(InWords(form.Data));
        string what = form.Sliding is null ? "product" : "depthwise convolution";
        int pixels = form.Matrix is { } matrix ? matrix.Matrices * matrix.Rows : form.Tile.Pixels;
        string tile = $"{Counted.Of(form.Channels, "channel")} of {Counted.Of(pixels, "pixel")} at once";
        return $"{what} of {InWords(form.Data)}, {tile}, stored as {InWords(form.Result)}";

        string Elements(string of) =>
            $"{of}, {Counted.Of(form.Channels, "element")} at {Counted.Of(form.Tile.Pixels, "place")} at once, "
            + $"stored as {InWords(form.Result)}";
    }

    private static string InWords(ElementKind kind) => kind switch
    {
        ElementKind.Byte => "bytes",
        ElementKind.Short => "16 bits",
        _ => "32 bits",
    };

    /// <summary>A kernel that is read and never run.</summary>
    private sealed class ReadKernel(Pinned<int> constants) : GeneratedKernel(constants)
    {
        public override unsafe void Run(CodeArguments* arguments) => throw new InvalidOperationException("a listing runs nothing");

        public override void Dispose()
        {
        }
    }
}
