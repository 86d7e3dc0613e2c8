using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Searching;

/// <summary>Jobs as lines of a file, each a command line that stands alone: for sh, and for xargs, which know the same quotes.</summary>
public static class JobLines
{
    /// <summary>Characters that neither a shell nor xargs looks at.</summary>
    private const string Plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-+,:@%";

    /// <param name="folder">Of the plan, as jobs name it.</param>
    public static string Of(string folder, PlannedJob job) => $"cortexml compile --from-jobs {Quoted(folder)} --job {job.Name}";

    /// <summary>One word. What stands in single quotes is what it is, both to sh and to xargs.</summary>
    public static string Quoted(string word) =>
        word.Length > 0 && word[0] != '-' && word.All(Plain.Contains) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Refuses the name of a folder that no line of a file can hold.</summary>
    /// <exception cref="DiagnosticException">CML1221.</exception>
    public static void CheckFolder(string folder)
    {
        if (folder.Length > 0 && !folder.Any(char.IsControl) && folder[0] != '-') return;
        throw new DiagnosticException(SearchCodes.NoPlan,
            $"'{Printable.Escape(folder)}' cannot be the folder of a plan: lines of {JobPlan.JobsName} could not name it",
            hint: "choose a name without line breaks and other control characters that does not begin with -");
    }

    /// <summary>Writes what is to be run now.</summary>
    internal static void Write(JobPlan plan, IEnumerable<PlannedJob> jobs) => AtomicFile.WriteText(
        Path.Combine(plan.Folder, JobPlan.JobsName), string.Concat(jobs.Select(job => Of(plan.Folder, job) + "\n")));
}
