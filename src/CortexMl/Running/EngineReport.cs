using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Engines.Cpu;
using CortexMl.Engines.Gpu.Devices;

namespace CortexMl.Running;

/// <summary>One engine on one device of this machine.</summary>
/// <param name="Engine">For <c>--engine</c>.</param>
/// <param name="Device">For <c>--device</c>; null where the engine has no choice of devices, or none was found.</param>
/// <param name="Name">What it is, or why it cannot be used here.</param>
/// <param name="MemoryBytes">Of the device's own memory.</param>
/// <param name="Processors">Compute units; cores of the CPU engine.</param>
public sealed record EngineEntry(
    string Engine, int? Device, bool Available, string Name, long? MemoryBytes = null, int? Processors = null, int? GroupThreads = null);

/// <summary>All engines, and which of them can be used on this machine; the JSON of <c>cortexml devices</c>.</summary>
public sealed record EngineReport(IReadOnlyList<EngineEntry> Engines)
{
    public static EngineReport Make() => new(
        [
            new(EngineChoice.Interpreter, null, true, "the specification in code"),
            new(EngineChoice.Cpu, null, true,
                $"vector kernels ({string.Join(", ", InstructionSet.AtHand.Select(i => i.ToString().ToLowerInvariant()))})",
                Processors: Environment.ProcessorCount),
            .. GpuKinds.All.SelectMany(kind => Of(GpuDevices.Of(kind))),
        ]);

    private static IEnumerable<EngineEntry> Of(GpuDeviceList list) => list.Devices.Count == 0
        ? [new(list.Kind.Name(), null, false, list.Why!)]
        : list.Devices.Select(d =>
            new EngineEntry(d.Kind.Name(), d.Index, true, d.Name, d.MemoryBytes > 0 ? d.MemoryBytes : null, d.Processors, d.GroupThreads));

    /// <summary>Facts about an entry, in words.</summary>
    public static string Describe(EngineEntry entry) => string.Join(", ", new[]
    {
        entry.Name,
        entry.Processors is { } n ? string.Create(CultureInfo.InvariantCulture, $"{n} {(n == 1 ? "processor" : "processors")}") : null,
        entry.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{Counted.Grouped(bytes, "byte")}") : null,
    }.OfType<string>());
}
