namespace CortexMl.Fuzz;

/// <summary>Every reader of outside data.</summary>
internal static class AllTargets
{
    /// <param name="cases">A folder of further CVM cases, or null.</param>
    public static IReadOnlyList<Target> Of(string? cases) =>
        [.. CvmTargets.Of(cases), .. ModelTargets.All(), .. DataTargets.All(), .. ChainTargets.All()];
}
