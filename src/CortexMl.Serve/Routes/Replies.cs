using CortexMl.Diagnostics;
using CortexMl.Reports;
using CortexMl.Serve.Jobs;
using CortexMl.Serve.Looking;
using Microsoft.AspNetCore.Http;

namespace CortexMl.Serve.Routes;

/// <summary>What a request is answered with where something is wrong.</summary>
internal sealed record Problems(IReadOnlyList<Told> Diagnostics);

/// <summary>Records as JSON, and diagnostics in place of exceptions.</summary>
internal static class Replies
{
    private const string JsonType = "application/json; charset=utf-8";

    public static IResult Of<T>(T value) => Results.Text(JsonText.Write(value), JsonType);

    /// <summary>Runs what answers a request. What a user did is a diagnostic with a status; what we did is told without a stack.</summary>
    public static async Task<IResult> OrProblems(Job? job, Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (DiagnosticException error)
        {
            return Refused(job, error.Diagnostics);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Refused(job, [new(DiagnosticCodes.FileUnwritable, Severity.Error, error.Message)]);
        }
        catch (OutOfMemoryException)
        {
            return Refused(job, [new(DiagnosticCodes.TooLarge, Severity.Error, "the memory of this machine does not suffice for that")]);
        }
    }

    public static Task RefuseAsync(HttpContext context, string why) => Refused(null,
        [
            new(ServeCodes.Refused, Severity.Error, $"the request is refused: {why}",
                Hint: "open the address that 'cortexml serve' printed, all of it"),
        ]).ExecuteAsync(context);

    private static IResult Refused(Job? job, IReadOnlyList<Diagnostic> diagnostics)
    {
        var told = diagnostics.Select(Told.Of);
        return Results.Text(JsonText.Write(new Problems([.. job is null ? told : told.Select(t => t.Within(job))])), JsonType,
            statusCode: Status(diagnostics[0].Code));
    }

    private static int Status(string code) => code switch
    {
        ServeCodes.Refused => StatusCodes.Status403Forbidden,
        ServeCodes.JobState => StatusCodes.Status409Conflict,
        ServeCodes.UploadLimit => StatusCodes.Status413PayloadTooLarge,
        _ => StatusCodes.Status400BadRequest,
    };
}
