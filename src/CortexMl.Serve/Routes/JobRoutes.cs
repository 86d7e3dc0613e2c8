using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Reports;
using CortexMl.Serve.Jobs;
using CortexMl.Serve.Looking;
using CortexMl.Serve.Uploads;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CortexMl.Serve.Routes;

//  GET    jobs                      states of all                 POST jobs/ID/inspect     Inspection     (JobWish)
//  POST   jobs?name=                a new one                     POST jobs/ID/preview     Preview[]      (JobWish)
//  GET    jobs/ID                   JobView                       POST jobs/ID/start       into the queue (JobWish)
//  DELETE jobs/ID                                                 POST jobs/ID/cancel
//  PUT    jobs/ID/files?name=       one file or archive           POST jobs/ID/draw        DrawnAnswer    (DrawnPicture)
//  GET    jobs/ID/report.html · run.json                          GET  events              server-sent events
//  GET    jobs/ID/package.zip?author=&authorGas=&comment=         GET  jobs/ID/package?… what the chain would refuse of it
/// <summary>What the page asks for, and what answers it.</summary>
internal sealed class JobRoutes(JobStore store, JobQueue queue, CancellationToken stopping)
{
    private const int MostWishBytes = 4 << 20;

    /// <summary>A look at a model may take much memory: one at a time.</summary>
    private static readonly SemaphoreSlim s_looking = new(1, 1);

    public void Map(WebApplication app)
    {
        app.MapGet("/jobs", () => Replies.Of(store.All.Select(job => job.State)));
        app.MapPost("/jobs", (string? name) => Replies.OrProblems(null, () => Done(Replies.Of(store.Create(name ?? "").State))));
        app.MapGet("/jobs/{id}", (string id) => With(id, job => Done(Replies.Of(JobView.Of(job)))));
        app.MapDelete("/jobs/{id}", (string id) => Alone(id, job =>
        {
            store.Remove(job);
            return Done(Results.NoContent());
        }));
        app.MapPut("/jobs/{id}/files", (string id, string? name, HttpRequest request) => Alone(id, job => TakeAsync(job, name, request)));
        app.MapPost("/jobs/{id}/inspect", (string id, HttpRequest request) => Looking(id, request, (job, text) =>
            Replies.Of(Inspector.Look(job, JobWish.Parse(text)))));
        app.MapPost("/jobs/{id}/preview", (string id, HttpRequest request) => Looking(id, request, (job, text) =>
            Replies.Of(Previews.Of(job, JobWish.Parse(text)))));
        app.MapPost("/jobs/{id}/draw", (string id, HttpRequest request) => Looking(id, request, (job, text) =>
            Replies.Of(Drawing.Answer(job, Drawing.Parse(text)))));
        app.MapPost("/jobs/{id}/start", (string id, HttpRequest request) => Looking(id, request, (job, text) => Start(job, text)));
        app.MapPost("/jobs/{id}/cancel", (string id) => With(id, job =>
        {
            queue.Cancel(job);
            return Done(Results.NoContent());
        }));
        app.MapGet("/jobs/{id}/report.html", (string id, HttpResponse response) => With(id, job => Done(Report(job, response))));
        app.MapGet("/jobs/{id}/package.zip", (string id, string? author, string? authorGas, string? comment) => With(id, job =>
            Done(Results.Bytes(
                ChainArchive.Of(job, ChainArchive.Asked(author, authorGas, comment)), "application/zip", $"cortexml-{job.Id}.zip"))));
        app.MapGet("/jobs/{id}/package", (string id, string? author, string? authorGas, string? comment) => With(id, job =>
            Done(Replies.Of(new Problems(ChainArchive.Warnings(job, ChainArchive.Asked(author, authorGas, comment)))))));
        app.MapGet("/jobs/{id}/run.json", (string id) => With(id, job => Done(
            File.Exists(job.Run) ? Results.File(job.Run, "application/json", "run.json") : Results.NotFound())));
        app.MapGet("/events", (HttpContext context) => EventRoute.AnswerAsync(context, store, stopping));
    }

    private static async Task<IResult> TakeAsync(Job job, string? name, HttpRequest request)
    {
        job.CheckIdle("its files");
        var taken = await job.Uploads.TakeAsync(UploadName.Parse(name ?? ""), request.Body, request.HttpContext.RequestAborted);
        return Replies.Of(taken);
    }

    private IResult Start(Job job, string text)
    {
        job.CheckIdle("its settings");
        var wish = JobWish.Parse(text);
        string model = ModelChoice.Of(job, wish.Model);
        string? data = JobWish.PathIn(job, string.IsNullOrEmpty(wish.Data) ? wish.Test : wish.Data);
        var inputs = Loading.ModelLoader.Load(model, Inspector.Reading(data)).Inputs;
        var run = wish.ToRun(job, Path.GetRelativePath(job.Files, model).Replace('\\', '/'), inputs);
        CortexMl.Files.AtomicFile.WriteText(job.Run, run.ToJson());
        queue.Add(job);
        return Replies.Of(job.State);
    }

    /// <summary>The page has a policy of its own, which allows nothing but what it brings; here it gets no origin either.</summary>
    private static IResult Report(Job job, HttpResponse response)
    {
        job.CheckDone();
        string path = Path.Combine(job.Output, ReportFolder.PageName);
        if (!File.Exists(path))
            throw new DiagnosticException(ServeCodes.JobState, $"job {job.Id} has no report", hint: "start it again");
        response.Headers.ContentSecurityPolicy = "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; "
            + "style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'";
        return Results.File(path, "text/html; charset=utf-8");
    }

    private Task<IResult> With(string id, Func<Job, Task<IResult>> answer) => Replies.OrProblems(null, () =>
    {
        var job = store.Find(id);
        return Replies.OrProblems(job, () => answer(job));
    });

    private Task<IResult> Alone(string id, Func<Job, Task<IResult>> answer) => With(id, async job =>
    {
        await job.Turn.WaitAsync(stopping);
        try
        {
            store.Find(id);
            return await answer(job);
        }
        finally
        {
            job.Turn.Release();
        }
    });

    private Task<IResult> Looking(string id, HttpRequest request, Func<Job, string, IResult> answer) => Alone(id, async job =>
    {
        string text = await TextAsync(request);
        await s_looking.WaitAsync(stopping);
        try
        {
            return await Task.Run(() => answer(job, text), stopping);
        }
        finally
        {
            s_looking.Release();
        }
    });

    /// <exception cref="DiagnosticException">CML1101.</exception>
    private static async Task<string> TextAsync(HttpRequest request)
    {
        using var whole = new MemoryStream();
        byte[] buffer = new byte[1 << 14];
        while (await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted) is var got and > 0)
        {
            whole.Write(buffer, 0, got);
            if (whole.Length > MostWishBytes) throw new DiagnosticException(ServeCodes.Request, "the request is too long");
        }
        return Encoding.UTF8.GetString(whole.GetBuffer(), 0, (int)whole.Length);
    }

    private static Task<IResult> Done(IResult result) => Task.FromResult(result);
}
