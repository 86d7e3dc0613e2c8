using CortexMl.Serve.Jobs;
using Microsoft.AspNetCore.Http;

namespace CortexMl.Serve.Routes;

/// <summary>Server-sent events: the states of all jobs first, then whatever happens.</summary>
internal static class EventRoute
{
    private static readonly TimeSpan s_pulse = TimeSpan.FromSeconds(10);

    public static async Task AnswerAsync(HttpContext context, JobStore store, CancellationToken stopping)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        try
        {
            using var listener = store.Events.Listen();
            await context.Response.WriteAsync("retry: 1000\n\n", stop.Token);
            foreach (var job in store.All) await SendAsync(context, new("job", job.Json), stop.Token);
            await foreach (var what in listener.ReadAsync(s_pulse, stop.Token)) await SendAsync(context, what, stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The page was closed, or the server ends.
        }
    }

    private static async Task SendAsync(HttpContext context, JobEvent? what, CancellationToken stop)
    {
        string text = what is null ? ": here\n\n" : $"event: {what.Kind}\ndata: {what.Json.ReplaceLineEndings("").Trim()}\n\n";
        await context.Response.WriteAsync(text, stop);
        await context.Response.Body.FlushAsync(stop);
    }
}
