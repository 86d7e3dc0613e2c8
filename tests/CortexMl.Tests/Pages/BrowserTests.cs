using CortexMl.Reports;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Pages;

/// <summary>Pages of reports in a browser: it has nothing to complain about, and nothing is wider than a phone.</summary>
public sealed class BrowserTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [SkippableTheory]
    [InlineData(1280, "light")]
    [InlineData(1280, "dark")]
    [InlineData(390, "light")]
    [InlineData(390, "dark")]
    public async Task A_report_opens_without_complaints_and_fits_the_window(int width, string scheme)
    {
        using var browser = await Browser.StartAsync();
        Assert.Equal(0, _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels, "--input-precision", "2").Exit);
        await browser.OpenAsync(Path.Combine(_tiny.Out, ReportFolder.PageName), width, scheme);
        Assert.Equal(9, (int)(await browser.ValueAsync("document.querySelectorAll('main > section').length"))!);
        Assert.InRange((int)(await browser.ValueAsync("document.documentElement.scrollWidth"))!, 1, width);
        string ground = (string)(await browser.ValueAsync("getComputedStyle(document.body).backgroundColor"))!;
        Assert.Equal(scheme == "light", ground == "rgb(255, 255, 255)");
        Assert.NotEqual(0, (int)(await browser.ValueAsync("document.images.length"))!);
        await browser.KeepPictureAsync($"report-{width}-{scheme}");
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public async Task A_title_sorts_its_table_and_a_box_tells_its_layer()
    {
        using var browser = await Browser.StartAsync();
        Assert.Equal(0, _tiny.Compile().Exit);
        await browser.OpenAsync(Path.Combine(_tiny.Out, ReportFolder.PageName), 1280, "light");
        const string Gas = "[...document.querySelectorAll('#layers tbody tr')].map(row => +row.cells[1].dataset.v)";
        await browser.ValueAsync("document.querySelectorAll('#layers th button')[1].click()");
        long[] gas = [.. (await browser.ValueAsync(Gas))!.AsArray().Select(v => (long)v!)];
        Assert.Equal(gas.OrderDescending(), gas);
        await browser.ValueAsync("document.querySelectorAll('#graph .n')[1].dispatchEvent(new MouseEvent('click', { bubbles: true }))");
        string told = (string)(await browser.ValueAsync("document.querySelector('#graph aside').textContent"))!;
        Assert.Contains("layer conv", told, StringComparison.Ordinal);
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public async Task Names_from_outside_run_nothing_in_a_browser()
    {
        const string Evil = "</script><img src=x onerror=document.title='run'>";
        string text = $"graph @g(%x: f32[1, 4]) {{ %\"{Evil}\" = nn.relu(%x) return %\"{Evil}\" }}\n";
        using var browser = await Browser.StartAsync();
        using var model = new TinyModel(text);
        var run = CliRun.Of("compile", model.Model, "-o", model.Out, "--random-data", "4");
        Assert.True(run.Exit == 0, run.Error);
        await browser.OpenAsync(Path.Combine(model.Out, ReportFolder.PageName), 1280, "light");
        Assert.Equal("tiny · CortexMl", (string)(await browser.ValueAsync("document.title"))!);
        Assert.Equal(0, (int)(await browser.ValueAsync("document.images.length"))!);
        Assert.Empty(browser.Complaints);
    }

    [SkippableFact]
    public async Task A_comparison_opens_without_complaints_on_a_phone()
    {
        using var browser = await Browser.StartAsync();
        Assert.Equal(0, _tiny.Compile().Exit);
        string other = _tiny.Folder["other"], page = _tiny.Folder["difference.html"];
        string[] compile = ["compile", _tiny.Model, "-o", other, "--data", _tiny.Data, "--scale", "1/255", "--input-precision", "6"];
        Assert.Equal(0, CliRun.Of(compile).Exit);
        Assert.Equal(0, CliRun.Of("report", _tiny.Out, other, "-o", page).Exit);
        await browser.OpenAsync(page, 390, "light");
        Assert.InRange((int)(await browser.ValueAsync("document.documentElement.scrollWidth"))!, 1, 390);
        await browser.KeepPictureAsync("comparison-390-light");
        Assert.Empty(browser.Complaints);
    }
}
