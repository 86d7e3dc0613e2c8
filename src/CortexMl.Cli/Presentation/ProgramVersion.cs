using System.Reflection;
using System.Runtime.InteropServices;
using CortexMl.Engines.Cpu;

namespace CortexMl.Cli.Presentation;

/// <summary>
/// What <c>cortexml --version</c> says: the program's version, the commit it was built from, and what this machine gives it.
/// </summary>
internal static class ProgramVersion
{
    private const string CommitKey = "Commit";

    public static string Number { get; } = typeof(ProgramVersion).Assembly.GetName().Version!.ToString(3);

    /// <summary>A line each; the commit is left out where the sources were no checkout.</summary>
    public static string Text()
    {
        string? commit = typeof(ProgramVersion).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == CommitKey)?.Value;
        string built = string.IsNullOrEmpty(commit) ? "" : $" (commit {commit})";
        return $"cortexml {Number}{built}\n.NET {Environment.Version}, {RuntimeInformation.RuntimeIdentifier}\n"
            + $"instruction sets: {string.Join(", ", InstructionSet.AtHand.Select(set => set.ToString().ToLowerInvariant()))}\n";
    }
}
