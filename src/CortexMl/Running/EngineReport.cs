using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Engines;

namespace CortexMl.Running;

/// <summary>All engines, and which of them can be used on this machine; the JSON of <c>cortexml devices</c>.</summary>
public sealed record EngineReport(IReadOnlyList<EngineEntry> Engines)
{
    public static EngineReport Make() => new([.. EngineList.OfProduct.All.SelectMany(engine => engine.Entries)]);

    /// <summary>Facts about an entry, in words.</summary>
    public static string Describe(EngineEntry entry) => string.Join(", ", new[]
    {
        entry.Name,
        entry.Processors is { } n ? string.Create(CultureInfo.InvariantCulture, $"{n} {(n == 1 ? "processor" : "processors")}") : null,
        entry.MemoryBytes is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{Counted.Grouped(bytes, "byte")}") : null,
    }.OfType<string>());
}
