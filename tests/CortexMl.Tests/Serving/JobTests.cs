using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CortexMl.Chain;
using CortexMl.Chain.Meta;
using CortexMl.Data.Images;
using CortexMl.Diagnostics;
using CortexMl.Serve;
using CortexMl.Serve.Jobs;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Serving;

/// <summary>Jobs wait for each other, can be cancelled, and outlive the page.</summary>
public sealed class JobTests
{
    private const string Network = "graph @g(%x: f32[1, 4]) -> f32[1, 4] {\n  %0 = nn.relu(%x)\n  return %0\n}\n";

    [SkippableFact]
    public async Task Two_jobs_run_one_behind_the_other()
    {
        await using var page = await ServedPage.StartAsync(command: Slow("3"));
        string first = await StartedAsync(page), second = await StartedAsync(page);
        await page.UntilAsync(first, "running");
        Assert.Equal("queued", await page.StatusAsync(second));
        using var third = await page.UploadAsync(second, "more.npy", [1]);
        Assert.Equal(HttpStatusCode.Conflict, third.StatusCode);
        await page.UntilAsync(second, "running");
        Assert.Equal("done", await page.StatusAsync(first));
        Assert.Equal("done", await page.UntilAsync(second, "done", "failed"));
    }

    [SkippableFact]
    public async Task A_job_that_runs_is_cancelled_with_its_process_and_one_that_waits_leaves_the_queue()
    {
        await using var page = await ServedPage.StartAsync(command: Slow("600"));
        string first = await StartedAsync(page), second = await StartedAsync(page);
        await page.UntilAsync(first, "running");
        using var waiting = await page.PostAsync($"jobs/{second}/cancel");
        Assert.Equal("cancelled", await page.StatusAsync(second));
        using var running = await page.PostAsync($"jobs/{first}/cancel");
        Assert.Equal(HttpStatusCode.NoContent, running.StatusCode);
        await page.UntilAsync(first, "cancelled");
        using var late = await page.PostAsync($"jobs/{first}/cancel");
        Assert.Equal(ServeCodes.JobState, await ServedPage.CodeAsync(late));
    }

    [SkippableFact]
    public async Task Jobs_outlive_the_page()
    {
        using var folder = new TemporaryFolder();
        string running, waiting, draft;
        await using (var page = await ServedPage.StartAsync(folder, command: Slow("600")))
        {
            (running, waiting, draft) = (await StartedAsync(page), await StartedAsync(page), await page.CreateAsync("third"));
            await page.UntilAsync(running, "running");
        }
        await using var again = await ServedPage.StartAsync(folder, command: Slow("0"));
        Assert.Equal("interrupted", await again.StatusAsync(running));
        Assert.Equal("done", await again.UntilAsync(waiting, "done", "failed"));
        Assert.Equal("draft", await again.StatusAsync(draft));
        Assert.Equal("0004", await again.CreateAsync());
        using var restarted = await again.PostAsync($"jobs/{running}/start");
        Assert.Equal("done", await again.UntilAsync(running, "done", "failed"));
    }

    [Fact]
    public async Task What_the_page_did_not_end_itself_is_interrupted_too()
    {
        using var folder = new TemporaryFolder();
        folder.Write("work/jobs/0007/state.json", """{ "form": 1, "id": "0007", "name": "x", "status": "running", "turn": 1 }""");
        folder.Write("work/jobs/0007/.incoming/half/arrived", "half");
        folder.Write("work/jobs/0008/state.json", "half a fi");
        folder.Write("work/jobs/0009/state.json", """{ "form": 1, "id": "../../x", "name": "x", "status": "done", "turn": 1 }""");
        await using var page = await ServedPage.StartAsync(folder);
        Assert.Equal("interrupted", await page.StatusAsync("0007"));
        using var list = await page.Http.GetAsync(new Uri("jobs", UriKind.Relative));
        Assert.Single((await ServedPage.JsonAsync(list))!.AsArray());
        Assert.False(Directory.Exists(folder["work/jobs/0007/.incoming"]));
        Assert.Equal("0010", await page.CreateAsync());
    }

    /// <summary>As on a full disk, of every state that a job takes while it is worked on.</summary>
    [SkippableTheory]
    [InlineData("running")]
    [InlineData("done")]
    public async Task A_job_whose_state_cannot_be_kept_has_failed_and_the_next_one_runs(string refused)
    {
        using var folder = new TemporaryFolder();
        bool isFull = true;
        string first, second;
        await using (var page = await ServedPage.StartAsync(folder, command: Slow("0"), write: Write))
        {
            (first, second) = (await StartedAsync(page), await StartedAsync(page));
            Assert.Equal("failed", await page.UntilAsync(first, "done", "failed"));
            Assert.Equal("CML0103: 'state.json' cannot be written: No space left on device",
                (string)(await page.JobAsync(first))["state"]!["problem"]!);
            Assert.Equal("done", await page.UntilAsync(second, "done", "failed"));
            isFull = false;
            using var again = await page.PostAsync($"jobs/{first}/start");
            Assert.Equal("done", await page.UntilAsync(first, "done", "failed"));
            Assert.Null((await page.JobAsync(first))["state"]!["problem"]);
        }
        string kept = await File.ReadAllTextAsync(folder[$"work/jobs/{first}/state.json"]);
        SchemaTests.AssertValid("job", kept, isBare: true);

        void Write(JobState state, string place)
        {
            if (isFull && state.Id == "0001" && JsonSerializer.Serialize(state.Status) == $"\"{refused}\"")
                throw new DiagnosticException(DiagnosticCodes.FileUnwritable,
                    $"'{Path.Combine(place, "state.json")}' cannot be written: No space left on device");
            state.Write(place);
        }
    }

    [Fact]
    public async Task A_job_that_cannot_be_written_is_refused_when_it_is_started()
    {
        await using var page = await ServedPage.StartAsync(write: (state, place) =>
        {
            if (state.Status == JobStatus.Queued) throw new IOException("No space left on device");
            state.Write(place);
        });
        string id = await page.CreateAsync();
        await SendAsync(page, id, "x.cml", Encoding.UTF8.GetBytes(Network));
        using var answer = await page.PostAsync($"jobs/{id}/start");
        Assert.Equal(DiagnosticCodes.FileUnwritable, await ServedPage.CodeAsync(answer));
        Assert.Equal("draft", await page.StatusAsync(id));
    }

    [Fact]
    public async Task A_command_that_is_not_there_is_told()
    {
        await using var page = await ServedPage.StartAsync(command: ["no-such-program"]);
        string id = await StartedAsync(page);
        await page.UntilAsync(id, "failed");
        Assert.StartsWith($"CML1106: job {id} could not be run: ", (string)(await page.JobAsync(id))["state"]!["problem"]!);
    }

    [Fact]
    public async Task What_the_account_shall_say_goes_into_the_package()
    {
        await using var page = await ServedPage.StartAsync();
        string id = await StartedAsync(page, "{ \"minDb\": 50 }");
        Assert.Equal("done", await page.UntilAsync(id, "done", "failed"));
        Assert.Contains("\"minDb\": 50,", await File.ReadAllTextAsync(Path.Combine(page.Work, "jobs", id, "run.json")));
        const string author = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
        string said = $"author={author}&authorGas=10000&comment={Uri.EscapeDataString("four numbers & more")}";
        using var archive = new ZipArchive(await page.Http.GetStreamAsync(new Uri($"jobs/{id}/package.zip?{said}", UriKind.Relative)));
        using var model = archive.GetEntry("model.json")!.Open();
        var facts = (await JsonNode.ParseAsync(model))!;
        var account = (ModelAccount)AccountCodec.Decode(Hex.Parse((string)facts["accountCode"]!, "code"), "code");
        Assert.Equal((10000, author.ToLowerInvariant(), "four numbers & more"),
            ((long)facts["authorGas"]!, Hex.Of(account.Author), account.Comment));

        foreach (var (wrong, code) in ((string, string)[])
            [("author=0x12", "CML1011"), ("authorGas=many", ServeCodes.Request)])
        {
            using var refused = await page.Http.GetAsync(new Uri($"jobs/{id}/package.zip?{wrong}", UriKind.Relative));
            Assert.Equal((HttpStatusCode.BadRequest, code), (refused.StatusCode, await ServedPage.CodeAsync(refused)));
        }
        using var warned = await page.Http.GetAsync(new Uri($"jobs/{id}/package?authorGas=20001", UriKind.Relative));
        Assert.Contains("20000", (string)(await ServedPage.JsonAsync(warned))!["diagnostics"]![0]!["message"]!);
        using var loud = await page.PostAsync($"jobs/{await DraftAsync(page)}/start", "{ \"minDb\": 1000 }");
        Assert.Equal(ServeCodes.Request, await ServedPage.CodeAsync(loud));
    }

    [Fact]
    public async Task One_page_works_in_a_folder()
    {
        using var folder = new TemporaryFolder();
        await using var page = await ServedPage.StartAsync(folder);
        var error = await Assert.ThrowsAsync<DiagnosticException>(() => ServedPage.StartAsync(folder));
        Assert.Equal(ServeCodes.NotOpened, error.Diagnostics[0].Code);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_told()
    {
        using var folder = new TemporaryFolder();
        await using var page = await ServedPage.StartAsync();
        var error = await Assert.ThrowsAsync<DiagnosticException>(
            () => PageServer.StartAsync(new(folder["work"], ["true"]) { Port = page.Address.Port }));
        Assert.Equal(ServeCodes.NotOpened, error.Diagnostics[0].Code);
    }

    [Fact]
    public async Task A_job_is_what_the_command_makes_of_its_run_file()
    {
        await using var page = await ServedPage.StartAsync();
        string id = await StartedAsync(page);
        Assert.Equal("done", await page.UntilAsync(id, "done", "failed"));
        string folder = Path.Combine(page.Work, "jobs", id);
        Assert.Equal("{\n  \"$schema\": \"cortexml-run-1.schema.json\",\n  \"model\": \"files/x.cml\",\n  \"input\": {\"x\": [1, 4]},\n"
            + "  \"randomData\": 8,\n  \"output\": \"out\"\n}\n", await File.ReadAllTextAsync(Path.Combine(folder, "run.json")));
        using var first = await page.Http.GetAsync(new Uri($"jobs/{id}/package.zip", UriKind.Relative));
        using var second = await page.Http.GetAsync(new Uri($"jobs/{id}/package.zip", UriKind.Relative));
        Assert.Equal(await first.Content.ReadAsByteArrayAsync(), await second.Content.ReadAsByteArrayAsync());
        using var report = await page.Http.GetAsync(new Uri($"jobs/{id}/report.html", UriKind.Relative));
        Assert.StartsWith("sandbox allow-scripts;", report.Headers.GetValues("Content-Security-Policy").Single());
        using var drawn = await page.PostAsync($"jobs/{id}/draw", """{ "width": 2, "height": 2, "pixels": "AAAAAA==" }""");
        Assert.Equal(ServeCodes.Drawing, await ServedPage.CodeAsync(drawn));
        using var removed = await page.Http.DeleteAsync(new Uri($"jobs/{id}", UriKind.Relative));
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Without_a_result_there_is_nothing_to_fetch()
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        foreach (string what in (string[])["report.html", "package.zip"])
        {
            using var answer = await page.Http.GetAsync(new Uri($"jobs/{id}/{what}", UriKind.Relative));
            Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        }
        using var missing = await page.Http.GetAsync(new Uri("jobs/0099", UriKind.Relative));
        Assert.Equal(ServeCodes.Request, await ServedPage.CodeAsync(missing));
    }

    [Fact]
    public async Task What_happens_is_told_while_it_happens()
    {
        await using var page = await ServedPage.StartAsync();
        await using var stream = await page.Http.GetStreamAsync(new Uri("events", UriKind.Relative));
        using var reader = new StreamReader(stream);
        string id = await StartedAsync(page);
        var told = new List<string>();
        while (!told.Exists(line => line.Contains("\"done\"", StringComparison.Ordinal))) told.Add((await reader.ReadLineAsync())!);
        Assert.Contains(told, line => line.StartsWith("data: ", StringComparison.Ordinal) && line.Contains($"\"id\": \"{id}\""));
        Assert.Contains(told, line => line.Contains("\"running\"", StringComparison.Ordinal));
        Assert.Contains("event: line", told);
    }

    [Fact]
    public async Task Pictures_of_a_folder_are_cut_to_the_size_of_the_network()
    {
        await using var page = await ServedPage.StartAsync();
        string id = await page.CreateAsync();
        await SendAsync(page, id, "mnist-dapp.onnx", await File.ReadAllBytesAsync(Golden("mnist-dapp.onnx")));
        byte[] picture = ImageFile.Encode(Tensor.Create(Shape.Of(3, 40, 50), new byte[3 * 40 * 50]));
        await SendAsync(page, id, "pictures.zip", Archives.Zip(("pictures/a.png", picture), ("pictures/b.png", picture)));
        using var looked = await page.PostAsync($"jobs/{id}/inspect");
        var found = (await ServedPage.JsonAsync(looked))!;
        Assert.Equal("pictures", (string)found["data"]!);
        Assert.Equal("""{"resize":28,"crop":28,"channels":"gray","scale":0.00392156862745098}""", found["preparation"]!.ToJsonString());
        using var shown = await page.PostAsync($"jobs/{id}/preview",
            $$"""{ "data": "pictures", "preparation": {{found["preparation"]!.ToJsonString()}} }""");
        Assert.Equal(2, (await ServedPage.JsonAsync(shown))!.AsArray().Count(sample => sample!["seen"] is not null));
    }

    private static string Golden(string file) => Repository.Path("golden", "models", "mnist-dapp", file);

    private static async Task SendAsync(ServedPage page, string id, string name, byte[] bytes)
    {
        using var answer = await page.UploadAsync(id, name, bytes);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> DraftAsync(ServedPage page)
    {
        string id = await page.CreateAsync();
        await SendAsync(page, id, "x.cml", Encoding.UTF8.GetBytes(Network));
        return id;
    }

    private static async Task<string> StartedAsync(ServedPage page, string wish = "{}")
    {
        string id = await DraftAsync(page);
        using var answer = await page.PostAsync($"jobs/{id}/start", wish);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return id;
    }

    /// <summary>A command that does nothing, slowly.</summary>
    private static string[] Slow(string seconds)
    {
        Skip.If(OperatingSystem.IsWindows(), "needs a shell");
        return ["/bin/sh", "-c", $"sleep {seconds}"];
    }
}
