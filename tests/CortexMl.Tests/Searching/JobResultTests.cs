using CortexMl.Sharding;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Searching;

/// <summary>Plans and results that are missing, damaged or of another run; jobs that are made twice.</summary>
public sealed class JobResultTests : IDisposable
{
    private readonly JobDriver _driver = new("--target-drop", "0", "--metric", "cosine");

    public void Dispose() => _driver.Dispose();

    [Fact]
    public void A_job_that_is_made_again_changes_nothing()
    {
        Assert.Equal(0, _driver.MakePlan().Exit);
        Assert.Equal(0, JobDriver.Make(_driver.Lines[0]).Exit);
        byte[] first = File.ReadAllBytes(Result("choices-0"));
        var again = JobDriver.Make(_driver.Lines[0]);
        Assert.Equal(0, again.Exit);
        Assert.Contains("note CML1208: 'choices-0.part' is kept: choices-0 of this run, whole", again.Error, StringComparison.Ordinal);
        Assert.Equal(["choices-0.part"], Directory.GetFiles(_driver.Results).Select(f => Path.GetFileName(f)));
        Assert.Equal(first, File.ReadAllBytes(Result("choices-0")));
    }

    [Fact]
    public void A_missing_result_is_named_and_its_line_is_left_to_run()
    {
        Assert.Equal(0, _driver.MakePlan("--job-shards", "2").Exit);
        Assert.Equal(0, JobDriver.Make(_driver.Lines[1]).Exit);
        var run = _driver.GoOn();
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML1223: 1 planned result is missing: 'calibration.1-of-2.part'", run.Error, StringComparison.Ordinal);
        Assert.EndsWith("--job calibration.1-of-2", _driver.Lines.Single(), StringComparison.Ordinal);
        Assert.Equal(0, JobDriver.Make(_driver.Lines[0]).Exit);
        Assert.Equal(4, _driver.GoOn().Exit);
        Assert.Equal(["choices-0.1-of-2", "choices-0.2-of-2"], _driver.Lines.Select(line => line.Split(' ')[^1]));
    }

    [Fact]
    public void A_damaged_result_is_named_and_made_again()
    {
        Assert.Equal(0, _driver.MakePlan().Exit);
        string line = _driver.Lines[0];
        Assert.Equal(0, JobDriver.Make(line).Exit);
        byte[] whole = File.ReadAllBytes(Result("choices-0"));
        File.WriteAllBytes(Result("choices-0"), whole[..^100]);
        var run = _driver.GoOn();
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML1201: the part is damaged", run.Error, StringComparison.Ordinal);
        Assert.Contains("--> choices-0.part", run.Error, StringComparison.Ordinal);
        Assert.Equal([line], _driver.Lines);
        var again = JobDriver.Make(line);
        Assert.Equal(0, again.Exit);
        Assert.Contains("note CML1209: 'choices-0.part' is computed again: the part is damaged", again.Error, StringComparison.Ordinal);
        Assert.Equal(whole, File.ReadAllBytes(Result("choices-0")));
    }

    [Fact]
    public void A_result_of_another_run_or_trial_is_refused()
    {
        Assert.Equal(0, _driver.MakePlan().Exit);
        using var other = new JobDriver("--target-drop", "1", "--metric", "cosine");
        Assert.Equal(0, other.MakePlan().Exit);
        Assert.Equal(0, JobDriver.Make(other.Lines[0]).Exit);
        Directory.CreateDirectory(_driver.Results);
        File.Copy(Path.Combine(other.Results, "choices-0.part"), Result("choices-0"));
        var run = _driver.GoOn();
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML1202: the result is of another run or job: other options: ", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, JobDriver.Make(_driver.Lines[0]).Exit);
        Assert.Equal(4, _driver.GoOn().Exit);
        File.Copy(Result("choices-0"), Path.Combine(_driver.Results, _driver.Lines[0].Split(' ')[^1] + ".part"));
        Assert.Contains("error CML1202: the result is of another run or job: it is of trial choices-0", _driver.GoOn().Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_that_this_machine_does_not_find_is_refused()
    {
        using var driver = new JobDriver("--target-drop", "100", "--metric", "cosine");
        Assert.Equal(0, driver.MakePlan().Exit);
        Assert.Equal(0, JobDriver.Make(driver.Lines[0]).Exit);
        string path = Path.Combine(driver.Results, "choices-0.part");
        var part = PartReader.Read(path);
        File.WriteAllBytes(path, Part.Write(part.Head, json =>
        {
            foreach (var member in part.Content.EnumerateObject())
            {
                if (member.Name != "record") member.WriteTo(json);
                else
                {
                    json.WriteStartObject("record");
                    foreach (var figure in member.Value.EnumerateObject())
                        if (figure.Name == "gas") json.WriteNumber("gas", figure.Value.GetInt64() + 1);
                        else figure.WriteTo(json);
                    json.WriteEndObject();
                }
            }
        }));
        var run = driver.GoOn();
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML1225: the result is not what this search finds: it says another gas", run.Error,
            StringComparison.Ordinal);
        Assert.False(File.Exists(driver.Folder["jobs/symbol"]));
    }

    [Fact]
    public void A_plan_of_another_run_is_left_alone()
    {
        Assert.Equal(0, _driver.MakePlan().Exit);
        byte[] plan = File.ReadAllBytes(Path.Combine(_driver.Plan, "plan.json"));
        byte[] run = File.ReadAllBytes(Path.Combine(_driver.Plan, "run.json"));
        var other = CliRun.Of([
            "compile", .. _driver.Words, "--samples", "8", "-o", _driver.Folder["jobs"], "--plan-jobs", _driver.Plan]);
        Assert.Equal(2, other.Exit);
        var replaced = _driver.GoOn("--gas-budget", "2");
        Assert.Equal(2, replaced.Exit);
        Assert.Contains($"error CML1222: what is opened is not what the plan in '{_driver.Plan}' is of: other pipeline: ", replaced.Error,
            StringComparison.Ordinal);
        Assert.Equal(plan, File.ReadAllBytes(Path.Combine(_driver.Plan, "plan.json")));
        Assert.Equal(run, File.ReadAllBytes(Path.Combine(_driver.Plan, "run.json")));
        // The same once more goes on.
        Assert.Equal(0, JobDriver.Make(_driver.Lines[0]).Exit);
        Assert.Contains("round 2: ", _driver.MakePlan().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_are_told()
    {
        Tells("CML1221: there is no plan in ", "compile", "--from-jobs", _driver.Folder["none"]);
        Assert.Equal(0, _driver.MakePlan().Exit);
        Tells("CML1224: the plan in ", "compile", "--from-jobs", _driver.Plan, "--job", "choices-5");
        Tells("CML0940: --from-jobs: the plan names the model", "compile", _driver.Words[0], "-o", _driver.Folder["x"],
            "--from-jobs", _driver.Plan);
        Tells("CML0940: --job is one of a plan", [.. Other, "--job", "choices-0"]);
        Tells("CML0940: --jobs-at-once and --job-shards are about a plan", [.. Other, "--job-shards", "2"]);
        Tells("CML0940: --plan-jobs begins a search", "compile", "--from-jobs", _driver.Plan, "--plan-jobs", _driver.Folder["y"]);
        Tells("CML0940: the plan and the result want the same folder", [.. Other, "--plan-jobs", _driver.Folder["x"]]);
        Tells("CML1220: there is nothing to search", "compile", _driver.Words[0], "--random-data", "4", "-o", _driver.Folder["x"],
            "--plan-jobs", _driver.Folder["y"]);
        Tells("CML1221: 'a\\nb' cannot be the folder of a plan", [.. Other, "--plan-jobs", "a\nb"]);
        Tells("CML1206: a model from standard input", ["compile", "-", .. Other[2..], "--plan-jobs", _driver.Folder["y"]]);
        Assert.False(Directory.Exists(_driver.Folder["y"]));
        File.AppendAllText(Path.Combine(_driver.Plan, "plan.json"), " ");
        Tells("CML1221: the plan cannot be read: the part is damaged", "compile", "--from-jobs", _driver.Plan);
    }

    private string[] Other => ["compile", .. _driver.Words, "-o", _driver.Folder["x"]];

    private string Result(string name) => Path.Combine(_driver.Results, name + ".part");

    private static void Tells(string told, params string[] words)
    {
        var run = CliRun.Of(words);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error " + told, run.Error, StringComparison.Ordinal);
    }
}
