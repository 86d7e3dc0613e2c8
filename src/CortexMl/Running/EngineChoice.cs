using CortexMl.Diagnostics;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Interpreter;

namespace CortexMl.Running;

/// <summary>Which engine runs an integer model.</summary>
public static class EngineChoice
{
    public const string Interpreter = "interpreter", Cpu = "cpu", Auto = "auto";

    /// <summary>Products and sums of a run that the simulator of devices manages in about a second.</summary>
    private const double SimulatorOperations = 100e6;

    /// <summary>What <see cref="RunOptions.Engine"/> may be.</summary>
    public static IReadOnlyList<string> Names { get; } = [Interpreter, Cpu, .. GpuKinds.All.Select(kind => kind.Name()), Auto];

    /// <exception cref="DiagnosticException">CML0923: no such engine.</exception>
    public static void CheckName(string name)
    {
        if (Names.Contains(name)) return;
        string near = Nearest.Hint(name, Names) is { } hint ? hint + " " : "";
        throw new DiagnosticException(LibraryCodes.UnknownEngine, $"there is no engine '{name}'",
            hint: $"{near}engines: {string.Join(", ", Names)}");
    }

    /// <summary>The engine, and why it is another one than the fast one; null where there is nothing to say.</summary>
    /// <exception cref="DiagnosticException">
    /// CML0923: no such engine, or one that cannot run this model; CML0708: no such device.
    /// </exception>
    public static (string Engine, string? Note) Of(Model model, RunOptions options)
    {
        CheckName(options.Engine);
        if (options.Engine == Interpreter) return (Interpreter, null);
        string? why = WhyInterpreter(model)
            ?? (options.Profile != InterpreterProfile.Definition ? "another device's arithmetic was asked for" : null);
        if (why is not null)
        {
            return options.Engine == Auto ? (Interpreter, $"{why}: it runs on the interpreter")
                : throw new DiagnosticException(
                    LibraryCodes.UnknownEngine, $"{why}: only the interpreter can run that", hint: $"pass --engine {Interpreter}");
        }
        if (GpuKinds.Find(options.Engine) is { } kind) GpuDevices.Get(kind, options.Device);
        return options.Engine == Auto ? Best(model, options) : (options.Engine, null);
    }

    /// <summary>
    /// The engines that can run a model on this machine, what is right first. The simulator of devices is among them for small models only.
    /// </summary>
    public static IReadOnlyList<string> AtHand(Model model)
    {
        if (WhyInterpreter(model) is not null) return [Interpreter];
        var kinds = GpuKinds.All.Where(kind => kind != GpuKind.IlgpuCpu || Work.Of(model.Graph) <= SimulatorOperations);
        return [Interpreter, Cpu, .. kinds.Where(kind => GpuDevices.Of(kind).Devices.Count > 0).Select(kind => kind.Name())];
    }

    /// <summary>Options of the GPU engine; null for another engine.</summary>
    internal static GpuOptions? Device(string engine, RunOptions options) =>
        GpuKinds.Find(engine) is { } kind ? new GpuOptions { Kind = kind, Device = options.Device } : null;

    // A CUDA device where one is at hand and takes the model; what was prepared to see that is kept for the run.
    private static (string Engine, string? Note) Best(Model model, RunOptions options)
    {
        if (!GpuDevices.HasDriver(GpuKind.Cuda) || GpuDevices.Of(GpuKind.Cuda).Devices.Count == 0) return (Cpu, null);
        string cuda = GpuKind.Cuda.Name();
        try
        {
            new GpuEngine(Device(cuda, options)).Prepare(model.Graph).Dispose();
            return (cuda, null);
        }
        catch (DiagnosticException error)
        {
            return (Cpu, $"{error.Diagnostics[0].Message}: it runs on the cpu engine");
        }
    }

    private static string? WhyInterpreter(Model model) =>
        model.Cvm is { Storage.IsAliased: true } ? $"values of '{model.Name}' share storage while both are needed" : null;
}
