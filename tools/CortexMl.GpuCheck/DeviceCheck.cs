using CortexMl.Benchmarks;
using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Shapes;
using CortexMl.Verifying;

namespace CortexMl.GpuCheck;

/// <summary>On CUDA devices: every value against the CPU engine, then the speed at several batches.</summary>
internal static class DeviceCheck
{
    private const int Samples = 2;

    private static readonly int[] s_batches = [1, 16, 64];

    /// <returns>The exit code.</returns>
    public static int Run(IReadOnlyList<string> networks, IReadOnlyList<GpuDevice> devices)
    {
        foreach (var device in devices) Console.WriteLine($"{device}, {device.Processors} multiprocessors, {device.MemoryBytes >> 20} MiB");
        Console.WriteLine("\n| network | device | bits |" + string.Concat(s_batches.Select(b => $" images/s at {b} | GOP/s |")));
        Console.WriteLine("|---|---|---|" + string.Concat(s_batches.Select(_ => "---|---|")));
        bool isRight = true;
        foreach (string network in networks)
        {
            var model = NamedNetwork.Load(network);
            foreach (var device in devices)
            {
                var verified = EngineVerifier.Run(
                    model, EngineVerifier.SeededInputs(model, Samples), ["cpu", "cuda"], NoProgress.Instance, device.Index);
                isRight &= verified.Agrees;
                var speeds = s_batches.Select(batch => Speed(model, device.Index, batch));
                string verdict = verified.Agrees ? "equal" : "DIFFERENT";
                Console.WriteLine($"| {model.Name} | {device.Index} | {verdict} |{string.Concat(speeds)}");
            }
        }
        Console.WriteLine("\nThe CUDA tests of the suite: dotnet test --filter FullyQualifiedName~Gpu");
        return isRight ? 0 : 1;
    }

    private static string Speed(Model model, int device, int batch)
    {
        try
        {
            var options = new RunOptions { Engine = "cuda", Device = device };
            var report = Benchmark.Run(model, options, [], new DiagnosticBag(), batch);
            return $" {report.ImagesPerSecond:F0} | {report.Gops:F0} |";
        }
        catch (DiagnosticException error)
        {
            return $" {error.Diagnostics[0].Code} | |";
        }
    }
}
