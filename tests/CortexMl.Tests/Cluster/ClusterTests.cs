using CortexMl.Tests.Cli;
using CortexMl.Tests.Packages;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cluster;

/// <summary>tools/cluster: parts of a run on Slurm, on Kubernetes as far as its client goes, and some at a time on this machine.</summary>
public sealed class ClusterTests
{
    private const int Skipped = 77;

    /// <summary>How long an engine may take on a busy machine.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    [SkippableTheory]
    [Trait("Speed", "Slow")]
    [InlineData("slurm")]
    [InlineData("kubernetes")]
    [InlineData("local")]
    public void Merged_files_are_byte_by_byte_those_of_one_run(string engine)
    {
        NeedBash();
        Skip.IfNot(PackageTests.IsBuilt, "the engine runs what a Release build made");
        using var process = CliProcess.Start(["bash", Repository.Path("tools", "cluster", "test"), engine]);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        bool ended = process.WaitForExit(s_patience);
        if (!ended) process.Kill(entireProcessTree: true);
        string told = output.GetAwaiter().GetResult();
        Skip.If(ended && process.ExitCode == Skipped, told);
        Assert.True(ended && process.ExitCode == 0, told + error.GetAwaiter().GetResult());
        Assert.Contains("1 passed, 0 failed, 0 skipped", told);
    }

    [SkippableTheory]
    [InlineData("slurm/submit 8 eval net", "-o FILE is missing: where the merged result shall be")]
    [InlineData("slurm/submit none eval net -o x", "'none' is no number from 1 to 10000")]
    [InlineData("local/run 2 0 eval net -o x", "'0' is no number from 1 to 10000")]
    [InlineData("local/run 2 8 eval net --shard 1/8 -o x", "--shard: the engine says that, leave it out")]
    [InlineData("local/run 2 8 eval net -o", "-o wants a file")]
    [InlineData("local/run 2 list none", "none: no such list")]
    [InlineData("kubernetes/submit Net 8 eval net -o x", "'Net' is no name of a Job: a-z, 0-9 and - inside, at most 40")]
    [InlineData("task line none", "INDEX says which part or line")]
    public void Words_that_make_no_parts_are_refused_before_anything_runs(string line, string told)
    {
        NeedBash();
        using var folder = new TemporaryFolder();
        string[] words = line.Split(' ');
        string program = Repository.Path(["tools", "cluster", .. words[0].Split('/')]);
        var run = CliProcess.Run(["bash", program, .. words[1..]], folder: folder.Path);
        Assert.Equal((2, told + "\n"), (run.Exit, run.Error));
        Assert.Empty(folder.Listing);
    }

    private static void NeedBash() => Skip.If(CliProcess.Shell("bash --version").Exit != 0, "needs bash");
}
