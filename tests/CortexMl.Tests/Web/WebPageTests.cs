using CortexMl.Data.Images;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Web;

/// <summary>What one sees of an exported page: it has nothing to complain about, and nothing is wider than a phone.</summary>
public sealed class WebPageTests
{
    [SkippableTheory]
    [InlineData(1280, "light")]
    [InlineData(390, "dark")]
    public async Task A_digit_is_recognised_without_complaints_in_a_window_of(int width, string scheme)
    {
        using var page = await ExportedPage.OfDigitsAsync(width, scheme);
        string file = Repository.Path("golden", "chain", "digit-7.png");
        byte[] seven = await File.ReadAllBytesAsync(file);
        await page.ValueAsync($$"""
            (async () => {
              const files = new DataTransfer(), input = document.getElementById('file');
              files.items.add(new File([{{ExportedPage.Bytes(seven)}}], 'digit-7.png'));
              input.files = files.files;
              input.dispatchEvent(new Event('change'));
            })()
            """);
        await page.UntilAsync("!document.getElementById('answer').hidden");
        Assert.Equal("class 7", (string)(await page.ValueAsync("document.getElementById('best').textContent"))!);
        Assert.Equal(5, (int)(await page.ValueAsync("document.querySelectorAll('#ranks li').length"))!);
        var call = CliRun.Of("chain", "input", page.Compiled, file, "--format", "calldata");
        Assert.Equal(call.Output, (string)(await page.ValueAsync("document.getElementById('call').value"))! + "\n");
        await page.ValueAsync("document.querySelectorAll('details').forEach(part => { part.open = true; })");
        Assert.InRange((int)(await page.ValueAsync("document.documentElement.scrollWidth"))!, 1, width);
        string ground = (string)(await page.ValueAsync("getComputedStyle(document.body).backgroundColor"))!;
        Assert.Equal(scheme == "light", ground == "rgb(255, 255, 255)");
        await page.Browser.KeepPictureAsync($"web-{width}-{scheme}");
        Assert.Empty(page.Browser.Complaints);
    }

    [SkippableFact]
    public async Task Nothing_but_the_files_of_the_folder_is_asked_for()
    {
        using var page = await ExportedPage.OfDigitsAsync();
        Assert.Equal(
            [
                "answers.js", "image.js", "index.html", "integers.js", "model.onnx", "network.js", "ort/ort-wasm-simd-threaded.wasm",
                "ort/ort.wasm.bundle.min.js", "page.js", "page.json", "pen.js", "png.js", "prepare.js", "style.css",
            ],
            page.Server.Asked);
        const string Origins = "new Set(performance.getEntriesByType('resource').map(entry => new URL(entry.name).origin)).size";
        Assert.Equal(1, (int)(await page.ValueAsync(Origins))!);
    }

    [SkippableFact]
    public async Task What_is_drawn_and_saved_is_what_the_command_sees()
    {
        using var page = await ExportedPage.OfDigitsAsync();
        // Down the middle with shift and the arrow.
        await page.ValueAsync("document.getElementById('pen').focus()");
        const string Key = "new KeyboardEvent('keydown', { key: 'ArrowDown', shiftKey: true })";
        for (int i = 0; i < 8; i++) await page.ValueAsync($"document.getElementById('pen').dispatchEvent({Key})");
        await page.UntilAsync("!document.getElementById('answer').hidden");
        await page.ValueAsync("""
            URL.createObjectURL = blob => { window.saved = blob; return 'data:,'; };
            HTMLAnchorElement.prototype.click = () => {};
            document.getElementById('save').click();
            """);
        int[] bytes = await page.IntegersAsync("window.saved.arrayBuffer().then(bytes => Int32Array.from(new Uint8Array(bytes)))");
        string file = page.Folder["drawn.pgm"];
        await File.WriteAllBytesAsync(file, [.. bytes.Select(b => (byte)b)]);
        Assert.True(ImageFile.Read(file).Data.Count(pixel => pixel == 255) > 8);
        var call = CliRun.Of("chain", "input", page.Compiled, file, "--format", "calldata");
        Assert.Equal(call.Output, (string)(await page.ValueAsync("document.getElementById('call').value"))! + "\n");
        Assert.Empty(page.Browser.Complaints);
    }

    [SkippableFact]
    public async Task Files_that_the_browser_decodes_are_said_to_be_no_proof()
    {
        using var page = await ExportedPage.OfDigitsAsync();
        var read = await page.ValueAsync("""
            (async () => {
              const canvas = new OffscreenCanvas(28, 20);
              canvas.getContext('2d').fillRect(0, 0, 28, 20);
              const { shape, isExact } = await window.cortexml.readImage(await canvas.convertToBlob({ type: 'image/jpeg' }));
              return `${shape} ${isExact}`;
            })()
            """);
        Assert.Equal("3,20,28 false", (string)read!);
        Assert.Empty(page.Browser.Complaints);
    }

    /// <summary>As it would be for a folder of which a file was not copied.</summary>
    [SkippableFact]
    public async Task A_page_that_cannot_work_says_so()
    {
        using var page = await ExportedPage.OfDigitsAsync();
        File.Delete(Path.Combine(page.Folder["page"], "ort", "ort-wasm-simd-threaded.wasm"));
        await page.Browser.OpenAsync(page.Server.Address("index.html"), 1280, "light");
        await page.UntilAsync("document.getElementById('state').className === 'bad'");
        Assert.Equal(
            "ort/ort-wasm-simd-threaded.wasm is not there (404): README.txt says what lies in this folder", await page.StateAsync());
        await page.Browser.OpenAsync(Path.Combine(page.Folder["page"], "index.html"), 1280, "light");
        Assert.StartsWith("Scripts of this page do not run. Opened as a file it stays like this", await page.StateAsync());
    }

    [SkippableFact]
    public async Task Images_that_do_not_fit_are_told()
    {
        using var page = await ExportedPage.OfDigitsAsync();
        byte[] colours = ImageFile.Encode(Tensor.Create(Shape.Of(3, 28, 28), new byte[3 * 28 * 28]));
        await page.ValueAsync($$"""
            document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: (() => {
              const files = new DataTransfer();
              files.items.add(new File([{{ExportedPage.Bytes(colours)}}], 'black.png'));
              return files;
            })() }))
            """);
        await page.UntilAsync("document.getElementById('state').className === 'bad'");
        Assert.Equal("this has shape [3,28,28]; the network takes [1,1,28,28]", await page.StateAsync());
        Assert.Empty(page.Browser.Complaints);
    }
}
