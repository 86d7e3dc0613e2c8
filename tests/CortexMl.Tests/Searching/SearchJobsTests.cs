using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Searching;

/// <summary>A search whose candidates are jobs gives, byte by byte, what one process gives.</summary>
public sealed class SearchJobsTests
{
    [Theory]
    [InlineData("--min-db 45", "")]
    [InlineData("--min-db 80 --gas-budget 1.2", "--job-shards 2")]
    [InlineData("--target-drop 0.0001 --metric cosine", "")]
    [InlineData("--target-drop 1 --metric agreement", "--jobs-at-once 1")]
    [InlineData("--target-drop 100 --metric agreement", "--job-shards 3")]
    [InlineData("--target-drop 0.001 --metric cosine --min-db 50", "--jobs-at-once 7 --job-shards 2")]
    [InlineData("--target-drop 0 --metric cosine --gas-budget 1.3 --limit 5", "--job-shards 7")]
    [InlineData("--target-drop 0 --metric cosine --no-report --skip center-inputs --output-precision 12 --cvm-version 1.1.0", "")]
    public void Jobs_give_the_bytes_of_one_process(string search, string plan)
    {
        using var driver = new JobDriver(search.Split(' '));
        AssertSame(driver, plan);
    }

    [Theory]
    [InlineData("--min-db 55", "")]
    [InlineData("--target-drop 0.1", "--job-shards 2")]
    public void And_so_they_do_of_a_trained_network(string search, string plan)
    {
        using var driver = JobDriver.OfLenet(search.Split(' '));
        AssertSame(driver, plan);
    }

    [Fact]
    public void Decibels_are_asked_for_until_they_are_reached()
    {
        using var driver = new JobDriver();
        string[] words = ["compile", driver.Words[0], "--random-data", "16", "--min-db", "44"];
        Assert.Equal(0, CliRun.Of([.. words, "-o", driver.Folder["one"]]).Exit);
        Assert.Equal(0, CliRun.Of([.. words, "-o", driver.Folder["jobs"], "--plan-jobs", driver.Plan]).Exit);
        Assert.Equal(4, driver.RunAll(out var last));
        Assert.True(last.Exit == 0, last.Error);
        driver.AssertSame();
        Assert.True(File.Exists(Path.Combine(driver.Results, "decibels-4.part")));
    }

    [Fact]
    public void And_from_a_calibration_file_in_place_of_data()
    {
        using var driver = new JobDriver("--target-drop", "0.0001", "--metric", "cosine");
        Assert.Equal(0, driver.InOneProcess().Exit);
        string[] words =
        [
            "compile", driver.Words[0], "--calibration", driver.Folder["one/model.calibration.json"], "--test", driver.Folder["test.npy"],
            "--min-db", "50", "--target-drop", "0.0001", "--metric", "cosine",
        ];
        Assert.Equal(0, CliRun.Of([.. words, "-o", driver.Folder["two"]]).Exit);
        Assert.Equal(0, CliRun.Of([.. words, "-o", driver.Folder["jobs"], "--plan-jobs", driver.Plan, "--job-shards", "2"]).Exit);
        Assert.DoesNotContain(driver.Lines, line => line.Contains("calibration.", StringComparison.Ordinal));
        driver.RunAll(out var last);
        Assert.True(last.Exit == 0, last.Error);
        driver.AssertSame("two");
    }

    private static void AssertSame(JobDriver driver, string plan)
    {
        var one = driver.InOneProcess();
        Assert.True(one.Exit == 0, one.Error);
        var planned = driver.MakePlan(plan.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(planned.Exit == 0, planned.Error);
        Assert.False(Directory.Exists(driver.Folder["jobs"]));
        driver.RunAll(out var last);
        Assert.True(last.Exit == 0, last.Error);
        driver.AssertSame();
        // What is told of the result is told too.
        Assert.Equal(one.Error, last.Error);
    }

    [Fact]
    public void More_jobs_at_once_need_fewer_rounds()
    {
        using var driver = new JobDriver("--target-drop", "0.0001", "--metric", "cosine");
        Assert.Equal(0, driver.MakePlan("--jobs-at-once", "1").Exit);
        int single = driver.RunAll(out _);
        Directory.Delete(driver.Plan, recursive: true);
        Assert.Equal(0, driver.MakePlan("--jobs-at-once", "12").Exit);
        Assert.InRange(driver.RunAll(out _), 2, single - 2);
    }

    [Fact]
    public void A_round_says_what_is_to_be_run_and_ends_with_its_own_exit_code()
    {
        using var driver = new JobDriver("--target-drop", "0", "--metric", "cosine");
        var planned = driver.MakePlan();
        Assert.Equal((0, ""), (planned.Exit, planned.Output));
        string list = Path.Combine(driver.Plan, "jobs.txt");
        Assert.Contains($"round 1: run 1 job, a line each of '{list}'; then: cortexml compile --from-jobs ",
            planned.Error, StringComparison.Ordinal);
        Assert.EndsWith("--job choices-0", driver.Lines.Single(), StringComparison.Ordinal);
        Assert.Equal(0, JobDriver.Make(driver.Lines[0]).Exit);
        var next = driver.GoOn();
        Assert.Equal((4, ""), (next.Exit, next.Output));
        Assert.Contains("round 2: run 3 jobs, ", next.Error, StringComparison.Ordinal);
        Assert.Equal(3, driver.Lines.Count);
    }

    [Fact]
    public void The_result_may_go_elsewhere_and_strict_is_about_the_end()
    {
        using var driver = new JobDriver("--target-drop", "0", "--metric", "cosine", "--gas-budget", "1", "--strict");
        Assert.Equal(0, driver.MakePlan().Exit);
        driver.RunAll(out var last);
        Assert.Equal(2, last.Exit);
        Assert.Contains("error CML0977: cosine drops by ", last.Error, StringComparison.Ordinal);
        Assert.Equal(0, driver.GoOn("--strict", "false", "-o", driver.Folder["other"]).Exit);
        Assert.True(File.Exists(driver.Folder["other/symbol"]));
        Assert.False(File.Exists(driver.Folder["jobs/symbol"]));
    }

    [Fact]
    public void A_run_file_is_planned_as_its_options_are()
    {
        using var driver = new JobDriver("--target-drop", "0.00001", "--metric", "cosine");
        Assert.Equal(0, driver.InOneProcess().Exit);
        var planned = CliRun.Of("compile", driver.Folder["one/run.json"], "-o", driver.Folder["jobs"], "--plan-jobs", driver.Plan);
        Assert.True(planned.Exit == 0, planned.Error);
        driver.RunAll(out var last);
        Assert.True(last.Exit == 0, last.Error);
        driver.AssertSame();
    }

    /// <summary>Lines of jobs.txt as a shell and xargs run them; the plan is elsewhere, with spaces and quotes in its name.</summary>
    [SkippableFact]
    public void Lines_are_run_by_a_shell_and_by_xargs_from_the_folder_of_the_call()
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a shell");
        using var driver = new JobDriver("--target-drop", "100", "--metric", "cosine");
        string words = string.Join(' ', driver.Words.Select(w => $"'{w}'"));
        string cortexml = $"cortexml() {{ {CliProcess.Quoted} \"$@\"; }}";
        string xargs = $"sed 's|^cortexml|{string.Join(' ', CliProcess.Words)}|' \"my plan's/jobs.txt\" | xargs -L 1";
        var run = CliProcess.Shell(
            $"""
            {cortexml}
            mkdir 'sub folder' && cd 'sub folder' || exit 9
            cortexml compile {words} -o out --plan-jobs "my plan's" --job-shards 2 --quiet && . "./my plan's/jobs.txt" || exit 8
            cortexml compile --from-jobs "my plan's" --quiet; test $? = 4 || exit 7
            {xargs} env || exit 6
            cortexml compile --from-jobs "my plan's" --quiet >../told || exit 5
            test -f out/symbol
            """.ReplaceLineEndings("\n"), driver.Folder.Path);
        Assert.True(run.Exit == 0, run.Exit + run.Error);
        Assert.Equal(0, driver.InOneProcess("sub folder/one").Exit);
        driver.AssertSame("sub folder/one", "sub folder/out");
    }
}
