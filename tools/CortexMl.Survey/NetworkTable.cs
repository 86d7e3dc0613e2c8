using System.Diagnostics;
using System.Globalization;
using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Loading;

namespace CortexMl.Survey;

/// <summary>Every model file of a folder, compiled on random inputs: operators, the largest noise ratio of an output, time, the process' peak memory; or why it was refused.</summary>
public static class NetworkTable
{
    private const int Samples = 2;

    /// <returns>Whether each model was compiled or refused with a reason.</returns>
    public static bool Write(string folder, TextWriter output)
    {
        output.WriteLine($"{"network",-56} {"operators",9} {"noise",9} {"seconds",8} {"MB so far",10}");
        bool isFine = true;
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsModel).Order(StringComparer.Ordinal))
        {
            string name = Path.GetRelativePath(folder, path);
            try
            {
                output.WriteLine($"{name,-56} {Compiled(path)}");
            }
            catch (DiagnosticException error)
            {
                output.WriteLine($"{name,-56} refused: {error.Diagnostics[0].Code} {error.Diagnostics[0].Message}");
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                isFine = false;
                output.WriteLine($"{name,-56} FAILED: {error.Message}");
            }
        }
        return isFine;
    }

    private static bool IsModel(string path) => path.EndsWith(".onnx", StringComparison.Ordinal) || path.EndsWith("-symbol.json", StringComparison.Ordinal);

    private static string Compiled(string path)
    {
        var watch = Stopwatch.StartNew();
        var options = new ModelOptions { RandomParamsSeed = path.EndsWith(".json", StringComparison.Ordinal) && Frontends.MxNet.ModelFiles.ParamsBeside(path) is null ? 1 : null };
        var result = Compiler.Compile(ModelLoader.Load(path, options), new CompileOptions { RandomSamples = Samples });
        double seconds = watch.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        var report = result.Report!;
        double noise = report.Noise.Where(n => report.Outputs.Any(o => o.Name == n.Name)).Max(n => n.NoiseRatio) ?? 0;
        return string.Create(CultureInfo.InvariantCulture, $"{report.Layers,9} {noise,9:G3} {seconds,8:F1} {process.PeakWorkingSet64 >> 20,10}");
    }
}
