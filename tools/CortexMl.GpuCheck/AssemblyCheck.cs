using System.Diagnostics;
using CortexMl.Engines.Gpu;
using CortexMl.Shapes;

namespace CortexMl.GpuCheck;

/// <summary>
/// What can be checked without a device: that ILGPU makes assembly of every kernel for each architecture, and that NVIDIA's assembler,
/// where it is installed, takes it.
/// </summary>
internal static class AssemblyCheck
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <param name="why">Why there is no device.</param>
    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> networks, string why)
    {
        string? assembler = Find("ptxas");
        Console.WriteLine($"No kernel runs here: {why}. Checked is what their assembly looks like, by "
            + (assembler is null ? "ILGPU alone: ptxas (Debian: nvidia-cuda-toolkit) is not on the PATH." : "ILGPU and ptxas."));
        Console.WriteLine("\n| network | kernels |" + string.Concat(KernelListing.Architectures.Select(a => $" sm_{a} |")));
        Console.WriteLine("|---|---|" + string.Concat(KernelListing.Architectures.Select(_ => "---|")));
        bool isRight = true;
        foreach (string network in networks)
        {
            var graph = NamedNetwork.Load(network).Graph;
            List<string> cells = [];
            int kernels = 0;
            foreach (int architecture in KernelListing.Architectures)
            {
                var (count, cell) = Check(KernelListing.PtxOfKernels(graph, architecture), architecture, assembler);
                (kernels, isRight) = (count, isRight && cell is not null);
                cells.Add(cell ?? "REFUSED");
            }
            string name = Path.GetFileName(Path.TrimEndingDirectorySeparator(network));
            Console.WriteLine($"| {name} | {kernels} | {string.Join(" | ", cells)} |");
        }
        Console.WriteLine("\nNot checked, for want of a device: results, launches, memory, times. "
            + "src/CortexMl.Engines/Gpu/README.md lists what that leaves open.");
        return isRight ? 0 : 1;
    }

    /// <returns>How many kernels there are, and their size in words; null where the assembler refuses one.</returns>
    private static (int Kernels, string? Cell) Check(IReadOnlyList<string> kernels, int architecture, string? assembler)
    {
        long bytes = kernels.Sum(text => (long)text.Length);
        foreach (string text in kernels)
        {
            if (assembler is not null && !Assembles(text, architecture, assembler)) return (kernels.Count, null);
        }
        return (kernels.Count, $"{bytes / 1024} KB{(assembler is null ? "" : ", assembled")}");
    }

    private static bool Assembles(string text, int architecture, string assembler)
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, text);
            // ILGPU writes sm_80 for later architectures: the assembler makes code for the real one.
            var start = new ProcessStartInfo(assembler, [$"-arch=sm_{Math.Max(architecture, TargetOf(text))}", "-o", "/dev/null", file])
            {
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            string said = process.StandardError.ReadToEnd();
            if (process.WaitForExit(s_patience) && process.ExitCode == 0) return true;
            Console.Error.WriteLine($"ptxas, sm_{architecture}: {said}");
            return false;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int TargetOf(string text)
    {
        int at = text.IndexOf(".target sm_", StringComparison.Ordinal);
        return at < 0 ? 0 : int.Parse(text.AsSpan(at + 11, 2), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
