using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text;
using CortexMl.Benchmarks;
using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu;
using CortexMl.Running;

namespace CortexMl.Shapes;

/// <summary>
/// The CPU engine against ONNX Runtime, in turns, as a table in Markdown: a row for each network and number of threads. Ratios above 1 mean
/// that ONNX Runtime takes longer.
/// </summary>
internal static class SpeedTable
{
    private const string Head = "| network | threads | ms | int8 | float32 | GOP/s | of the peak |\n|---|---|---|---|---|---|---|";

    /// <param name="networks">Names of seeded networks, or folders of compiled ones.</param>
    /// <returns>The exit code.</returns>
    public static int Print(IReadOnlyList<string> networks, IReadOnlyList<int> threads, CpuInstructions instructions)
    {
        Console.WriteLine($"{Processor}; has {string.Join(", ", InstructionSet.AtHand.Select(Words))}; "
            + $"measured with {Words(InstructionSet.Resolve(instructions))}; "
            + $"int8 and float32: ONNX Runtime's time by ours\n\n{Head}");
        try
        {
            foreach (string network in networks)
            {
                var model = NamedNetwork.Load(network);
                foreach (int count in threads) Console.WriteLine(Row(model, count, instructions));
            }
            return 0;
        }
        catch (DiagnosticException error)
        {
            foreach (var diagnostic in error.Diagnostics) Console.Error.WriteLine(diagnostic);
            return 2;
        }
    }

    private static string Row(Model model, int threads, CpuInstructions instructions)
    {
        var options = new RunOptions { Engine = "cpu", Threads = threads, Instructions = instructions };
        var report = Benchmark.Run(model, options, ["onnxruntime"], new DiagnosticBag());
        string Ratio(string part) => report.Against.FirstOrDefault(peer => peer.Name.Contains(part, StringComparison.Ordinal)) is { } peer
            ? peer.Ratio.ToString("F2", CultureInfo.InvariantCulture) : "";
        string speed = string.Create(CultureInfo.InvariantCulture, $"{report.Gops:F0} | {report.MedianOfPeak:P0}");
        return string.Create(CultureInfo.InvariantCulture,
            $"| {report.Model} | {threads} | {report.MedianMs:F2} | {Ratio("int8")} | {Ratio("float")} | {speed} |");
    }

    /// <summary>Leaves 80000002h to 80000004h of CPUID (Intel SDM, volume 2A); another machine's architecture.</summary>
    private static string Processor
    {
        get
        {
            if (!X86Base.IsSupported) return RuntimeInformation.ProcessArchitecture.ToString();
            var name = new StringBuilder();
            for (int leaf = 2; leaf <= 4; leaf++)
            {
                var (a, b, c, d) = X86Base.CpuId(unchecked((int)0x80000000) + leaf, 0);
                foreach (int register in new[] { a, b, c, d })
                {
                    for (int shift = 0; shift < 32; shift += 8) name.Append((char)((register >> shift) & 0x7F));
                }
            }
            return name.ToString().Trim('\0', ' ');
        }
    }

    private static string Words(CpuInstructions instructions) => instructions.ToString().ToLowerInvariant();
}
