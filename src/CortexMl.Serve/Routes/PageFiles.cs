using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace CortexMl.Serve.Routes;

/// <summary>The files of the page, which are part of the program: nothing is read from a disk.</summary>
internal static class PageFiles
{
    private const string Folder = "Page/", First = "index.html";

    public static void Map(WebApplication app)
    {
        app.MapGet("/", () => Answer(First));
        foreach (string name in typeof(PageFiles).Assembly.GetManifestResourceNames())
        {
            if (!name.StartsWith(Folder, StringComparison.Ordinal)) continue;
            string file = name[Folder.Length..];
            app.MapGet("/" + file, () => Answer(file));
        }
    }

    private static IResult Answer(string file) =>
        Results.Stream(typeof(PageFiles).Assembly.GetManifestResourceStream(Folder + file)!, Path.GetExtension(file) switch
        {
            ".html" => "text/html; charset=utf-8",
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            _ => "application/octet-stream",
        });
}
