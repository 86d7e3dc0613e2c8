using System.IO.Compression;
using System.Text.Json.Nodes;
using CortexMl.Tests.Pages;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Serving;

/// <summary>The tutorial's digits in a real browser, from the upload to the package for the chain.</summary>
public sealed class PageWalkTests
{
    private static readonly string[] s_files =
    [
        "mnist-dapp-symbol.json", "mnist-dapp-0000.params", "calibration.npy", "test-images.npy", "test-labels.npy",
    ];

    [SkippableTheory]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task Digits_go_from_the_upload_to_the_package(int width, string scheme)
    {
        using var browser = await Browser.StartAsync(TimeSpan.FromMinutes(2));
        await using var page = await ServedPage.StartAsync();
        await browser.OpenAsync(page.Address.AbsoluteUri, width, scheme);
        await KeepAsync("empty");

        await browser.ChooseAsync("#pick-files", s_files.Select(file => Repository.Path("golden", "models", "mnist-dapp", file)));
        await browser.WaitForAsync("document.querySelectorAll('#previews img').length === 12");
        string network = await TextAsync("#network");
        Assert.Contains("data [1, 1, 28, 28]", network);
        Assert.Contains("conv2d", network);
        Assert.Contains("Doctor", await TextAsync("#preparation"));
        await FitsAsync("prepare");

        await browser.ValueAsync("document.querySelector('#start').click()");
        await browser.WaitForAsync("document.querySelector('#progress')");
        await browser.WaitForAsync("document.querySelector('#result')");
        Assert.Contains("gas of a call", await TextAsync("#result"));
        await browser.ValueAsync("document.querySelector('#show-report').click()");
        await browser.WaitForAsync("document.querySelector('iframe')");

        await DrawOneAsync();
        await browser.WaitForAsync("document.querySelectorAll('#answers ol').length === 2");
        Assert.Equal("1", await TextAsync("#answers ol:nth-of-type(1) li:first-child span:first-child"));
        Assert.Equal(["1", "1"], (await browser.ValueAsync(
            "[...document.querySelectorAll('#answers ol')].map(list => list.querySelector('li span').textContent)"))!
            .AsArray().Select(text => (string)text!));
        await browser.ValueAsync("document.querySelector('#packing').open = true");
        await TypeAsync("author", "0x12");
        await browser.ValueAsync("document.querySelector('#package').click()");
        await browser.WaitForAsync("document.querySelector('#result .told.error')");
        await TypeAsync("author", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
        await TypeAsync("comment", "MNIST digits");
        await FitsAsync("result");

        string href = (string)(await browser.ValueAsync("document.querySelector('#package').href"))!;
        using var archive = new ZipArchive(new MemoryStream(await page.Http.GetByteArrayAsync(new Uri(href))));
        Assert.Equal(["data/symbol", "data/params", "data.torrent", "model.json"], archive.Entries.Select(e => e.FullName));
        using var model = archive.GetEntry("model.json")!.Open();
        var facts = (await JsonNode.ParseAsync(model))!;
        Assert.NotNull(facts["infoHash"]);
        Assert.Contains("5aaeb6053f3e94c9b9a09f33669435e7ef1beaed", (string)facts["accountCode"]!);
        // It tells of every answer that is no success: of the address that is none.
        Assert.All(browser.Complaints, complaint => Assert.Contains("/package?author=0x12", complaint));

        async Task DrawOneAsync()
        {
            await browser.ValueAsync("document.querySelector('canvas.pad').scrollIntoView({ block: 'center' })");
            var box = (await browser.ValueAsync(
                "(({ left, top, width, height }) => [left, top, width, height])(document.querySelector('canvas.pad').getBoundingClientRect())"))!
                .AsArray().Select(n => (double)n!).ToArray();
            await browser.DragAsync([.. Enumerable.Range(0, 9).Select(i => (box[0] + box[2] / 2, box[1] + box[3] * (0.2 + 0.075 * i)))]);
        }

        Task<JsonNode?> TypeAsync(string name, string text) => browser.ValueAsync(
            $"(input => {{ input.value = '{text}'; input.dispatchEvent(new Event('input')); }})(document.querySelector('[name={name}]'))");

        async Task<string> TextAsync(string selector) =>
            (string)(await browser.ValueAsync($"document.querySelector('{selector}').textContent"))!;

        async Task FitsAsync(string name)
        {
            Assert.InRange((int)(await browser.ValueAsync("document.documentElement.scrollWidth"))!, 1, width);
            await KeepAsync(name);
        }

        Task KeepAsync(string name) => browser.KeepPictureAsync($"serve-{name}-{width}-{scheme}", isWhole: true);
    }
}
