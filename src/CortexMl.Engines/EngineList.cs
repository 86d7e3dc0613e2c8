using CortexMl.Engines.Cpu;
using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Interpreter;
using CortexMl.Engines.OnnxInteger;

namespace CortexMl.Engines;

/// <summary>The engines that there are: the one that defines what is right first, those behind it are faster.</summary>
public sealed class EngineList(IReadOnlyList<EngineDescription> all)
{
    public static EngineList OfProduct { get; } = new(
    [
        new InterpreterDescription(),
        new CpuDescription(),
        new GpuDescription(GpuKind.IlgpuCpu),
        new GpuDescription(GpuKind.OpenCl),
        new GpuDescription(GpuKind.Cuda),
        new OnnxIntegerDescription(),
    ]);

    public IReadOnlyList<EngineDescription> All { get; } = all;

    /// <summary>What the others are compared with.</summary>
    public EngineDescription Reference => All[0];

    public IReadOnlyList<string> Names { get; } = [.. all.Select(engine => engine.Name)];

    /// <summary>Those that can run this on this machine, as far as they know before they are prepared.</summary>
    public IEnumerable<EngineDescription> AtHand(EngineTask task) => All.Where(e => e.WhyNot(task) is null && e.IsAtHand(task));

    /// <returns>Null where there is no such engine.</returns>
    public EngineDescription? Find(string name) => All.FirstOrDefault(engine => engine.Name == name);
}
