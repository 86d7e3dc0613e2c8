using CortexMl.Diagnostics;
using CortexMl.Engines.Interpreter;

namespace CortexMl.Engines;

/// <summary>How the time of single groups is had; see <see cref="EngineTask.Timed"/>.</summary>
public enum GroupTiming
{
    /// <summary>The engine has no groups.</summary>
    None,

    /// <summary>In passing: timing does not slow a run down.</summary>
    InPassing,

    /// <summary>Only in runs that it slows down.</summary>
    Apart,
}

/// <summary>An engine as those who choose among engines see it: its name, what it can run and why not, how it is made ready.</summary>
public abstract class EngineDescription
{
    /// <summary>For <c>--engine</c>.</summary>
    public abstract string Name { get; }

    /// <summary>In a sentence.</summary>
    public virtual string InWords => $"the {Name} engine";

    /// <summary>Whether <c>auto</c> may take it: of those at hand the last one of the list that can run the model.</summary>
    public virtual bool IsAutomatic => false;

    /// <summary>
    /// Whether preparing alone tells if it takes a graph. What was prepared to see that is used then, whatever the number of threads.
    /// </summary>
    public virtual bool IsTried => false;

    /// <summary>Whether threads can share the work of a run.</summary>
    public virtual bool SharesRuns => false;

    public virtual GroupTiming Timing => GroupTiming.None;

    /// <summary>What this machine has of it; one that is not available where there is nothing.</summary>
    public abstract IReadOnlyList<EngineEntry> Entries { get; }

    /// <summary>
    /// Why the engine cannot run this, as the first half of a sentence; null where nothing is known against it before it is prepared.
    /// </summary>
    public virtual string? WhyNot(EngineTask task)
    {
        if (task.SharedSlots is not null) return $"values of '{task.Name}' share storage while both are needed";
        return task.Profile == InterpreterProfile.Definition ? null : "another device's arithmetic was asked for";
    }

    /// <summary>Whether this machine has what the engine needs, and it runs such a graph in reasonable time.</summary>
    public virtual bool IsAtHand(EngineTask task) => true;

    /// <exception cref="DiagnosticException">CML0708: there is no such device.</exception>
    public virtual void CheckDevice(EngineTask task)
    {
    }

    /// <summary>Executables that are worth having at once where so many threads may run them.</summary>
    public virtual int Workers(int threads) => threads;

    /// <summary>What it is for this task, in reports.</summary>
    public virtual string NameOf(EngineTask task) => Name;

    /// <summary>The ways in which this machine can do a task with it, all of which must give the same bits.</summary>
    public virtual IEnumerable<EngineTask> Ways(EngineTask task) => [task];

    /// <exception cref="DiagnosticException">The engine cannot run this graph; CML0708: there is no such device.</exception>
    public abstract IExecutable Prepare(EngineTask task);
}

/// <summary>One engine on one device of this machine.</summary>
/// <param name="Engine">For <c>--engine</c>.</param>
/// <param name="Device">For <c>--device</c>; null where the engine has no choice of devices, or none was found.</param>
/// <param name="Name">What it is, or why it cannot be used here.</param>
/// <param name="MemoryBytes">Of the device's own memory.</param>
/// <param name="Processors">Compute units; cores of the CPU engine.</param>
public sealed record EngineEntry(
    string Engine, int? Device, bool Available, string Name, long? MemoryBytes = null, int? Processors = null, int? GroupThreads = null);
