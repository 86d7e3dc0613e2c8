using System.Text.RegularExpressions;
using CortexMl.Reports;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Pages;
using CortexMl.Tests.Serving;
using CortexMl.Tests.Support;
using CortexMl.Tests.Web;
using Xunit;

namespace CortexMl.Tests.Tutorial;

/// <summary>
/// The pictures of tools/tutorial/README.md: that they are there, and how they are taken, where <c>tools/tutorial/pictures</c> asks for it.
/// </summary>
public sealed partial class PictureTests : IDisposable
{
    private const int Width = 1000, MostBytes = 200_000;

    private const string NotAsked = "pictures are taken where tools/tutorial/pictures asks for them";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_picture_of_the_page_is_there_and_small()
    {
        string folder = Repository.Path("tools", "tutorial");
        var shown = Picture().Matches(File.ReadAllText(Path.Combine(folder, "README.md")));
        Assert.All(shown, picture =>
        {
            string file = Path.Combine(folder, picture.Groups["file"].Value);
            byte[] bytes = File.ReadAllBytes(file);
            Assert.Equal([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], bytes.Take(8));
            Assert.InRange(bytes.Length, 1, MostBytes);
            Assert.True(picture.Groups["alt"].Length > 20, $"{file}: say what it shows");
        });
        Assert.Equal(
            Directory.GetFiles(Path.Combine(folder, "pages")).Select(f => $"pages/{Path.GetFileName(f)}").Order(StringComparer.Ordinal),
            shown.Select(picture => picture.Groups["file"].Value).Order(StringComparer.Ordinal));
    }

    [SkippableFact]
    public async Task The_report_is_taken()
    {
        Skip.IfNot(Browser.KeepsPictures, NotAsked);
        using var browser = await Browser.StartAsync(TimeSpan.FromMinutes(2));
        Sample();
        Run("compile", _folder["digits"], "-o", _folder["out"], "--data", Digits("calibration.npy"), "--scale", "1/255",
            "--test", Digits("test-images.npy"), "--labels", Digits("test-labels.npy"));
        await browser.OpenAsync(Path.Combine(_folder["out"], ReportFolder.PageName), Width, "light");
        await browser.KeepWindowAsync("report", Width, 680, "body");
        await browser.ValueAsync("document.querySelectorAll('#graph .n')[1].dispatchEvent(new MouseEvent('click', { bubbles: true }))");
        await browser.KeepWindowAsync("report-graph", Width, 640, "#graph");
    }

    [SkippableFact]
    public async Task The_page_of_serve_is_taken()
    {
        Skip.IfNot(Browser.KeepsPictures, NotAsked);
        using var browser = await Browser.StartAsync(TimeSpan.FromMinutes(2));
        await using var page = await ServedPage.StartAsync();
        Sample();
        await browser.OpenAsync(page.Address.AbsoluteUri, Width, "light");
        string[] files = Directory.GetFiles(_folder["digits"]);
        await browser.ChooseAsync("#pick-files", files.Where(file => !file.EndsWith(".png", StringComparison.Ordinal)));
        await browser.WaitForAsync("document.querySelectorAll('#previews img').length === 12");
        await browser.KeepWindowAsync("serve-prepare", Width, 1148, "body");
        await browser.ValueAsync("document.querySelector('#start').click()");
        await browser.WaitForAsync("document.querySelector('#result')");
        await SevenAsync(browser, "canvas.pad");
        await browser.WaitForAsync("document.querySelectorAll('#answers ol').length === 2");
        await browser.KeepWindowAsync("serve-result", Width, 830, "body");
    }

    [SkippableFact]
    public async Task The_exported_page_is_taken()
    {
        Skip.IfNot(Browser.KeepsPictures, NotAsked);
        using var page = await ExportedPage.OfDigitsAsync(Width);
        await SevenAsync(page.Browser, "#pen");
        await page.UntilAsync("!document.getElementById('answer').hidden");
        await page.ValueAsync("[...document.querySelectorAll('#answer details')].at(-1).open = true");
        await page.Browser.KeepWindowAsync("web", Width, 720, "body");
    }

    private void Sample() => Run("sample", "mnist-dapp", "-o", _folder["digits"]);

    private string Digits(string name) => Path.Combine(_folder["digits"], name);

    private static void Run(params string[] words)
    {
        var run = CliRun.Of(words);
        Assert.True(run.Exit == 0, run.Error);
    }

    /// <summary>Draws a digit, as a person does with the mouse.</summary>
    private static async Task SevenAsync(Browser browser, string canvas)
    {
        await browser.ValueAsync($"document.querySelector('{canvas}').scrollIntoView({{ block: 'center' }})");
        const string Sides = "(({ left, top, width, height }) => [left, top, width, height])";
        var box = (await browser.ValueAsync($"{Sides}(document.querySelector('{canvas}').getBoundingClientRect())"))!.AsArray();
        double left = (double)box[0]!, top = (double)box[1]!, width = (double)box[2]!, height = (double)box[3]!;
        (double X, double Y)[] corners = [(0.3, 0.27), (0.68, 0.25), (0.46, 0.8)];
        var strokes = corners.Zip(corners.Skip(1));
        var places = strokes.SelectMany(line => Enumerable.Range(0, 13).Select(i => Place(line.First, line.Second, i / 12.0)));
        await browser.DragAsync([.. places]);

        (double X, double Y) Place((double X, double Y) from, (double X, double Y) to, double t) =>
            (left + width * Between(from.X, to.X, t), top + height * Between(from.Y, to.Y, t));

        static double Between(double from, double to, double t) => from + (to - from) * t;
    }

    [GeneratedRegex(@"!\[(?<alt>[^\]]*)\]\((?<file>[^)]*)\)")]
    private static partial Regex Picture();
}
